"""Members of a JSON object, read one by one, each with its path in the message.

Rules: the one that the caller names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from stannary.core.credentials.plain_json import Json
from stannary.core.kernel import Place, Rule, refuse

TEXT_MAX = 2000


@dataclass(frozen=True, slots=True)
class Fields:
    """An object whose members are read strictly.

    Attributes:
        content: The object.
        rule: What is broken where a member is missing or of another kind.
        path: Where the object stands: "credentialSubject"; "" for the whole.
        at: The file; None if there is none.
    """

    content: Mapping[str, Json]
    rule: Rule
    path: str = ""
    at: Place | None = None

    def stop(self, name: str, problem: str) -> NoReturn:
        """Stop because of a member.

        Raises:
            RefusalError: Always, with the rule.
        """
        refuse(self.rule, at=self.at, where=self.path_of(name), problem=problem)

    def path_of(self, name: str) -> str:
        """Give the path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str) -> str:
        """Give a member that is a text, not empty and not overlong."""
        value = self.content.get(name)
        if not isinstance(value, str) or not value:
            self.stop(name, "missing" if name not in self.content else "not a text")
        if len(value) > TEXT_MAX:
            self.stop(name, f"longer than {TEXT_MAX} signs")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Give a member that is a text, or None if it is missing."""
        return self.text(name) if name in self.content else None

    def object(self, name: str) -> "Fields":
        """Give a member that is an object."""
        value = self.content.get(name)
        if not isinstance(value, dict):
            self.stop(name, "not an object")
        return Fields(value, self.rule, self.path_of(name), self.at)

    def objects(self, name: str) -> tuple["Fields", ...]:
        """Give a member that is a list of objects."""
        value = self.content.get(name)
        if not isinstance(value, list):
            self.stop(name, "not a list")
        found = []
        for number, item in enumerate(value, start=1):
            if not isinstance(item, dict):
                self.stop(f"{name}[{number}]", "not an object")
            found.append(Fields(item, self.rule, self.path_of(f"{name}[{number}]"), self.at))
        return tuple(found)

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a member that is a list of texts."""
        value = self.content.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.stop(name, "not a list of texts")
        return tuple(str(item) for item in value)

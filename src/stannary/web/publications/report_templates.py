"""The template of the report: the shipped one, file by file replaced by an organisation's own.

A folder may hold any file of the shipped template under the same name, pictures and fonts beside
it, and `strings.<language>.json` with words of its own. Nothing outside the folder is ever read.

Rules: PUBLICATION-040.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from stannary.core.kernel import Place, refuse
from stannary.web.publications import rules
from stannary.web.publications.report_words import WORDS

SHIPPED = Path(__file__).with_name("report_template")
MAIN = "report.typ"
DATA = "data.json"
"""Under this name a template finds what it shows; a folder may not hold such a file."""
SUFFIXES = frozenset({".typ", ".json", ".png", ".jpg", ".jpeg", ".svg", ".ttf", ".otf", ".ttc"})
OTHERS = frozenset({".md", ".txt"})
"""Files beside a template that are left alone."""
FILES_MAX = 100
BYTES_MAX = 20_000_000
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Template:
    """A template, read whole.

    Attributes:
        files: Name, with `/` between folders, to content.
        own: Names of those that are not shipped ones.
    """

    files: Mapping[str, bytes]
    own: frozenset[str]

    @property
    def digest(self) -> str:
        """A short name of exactly this template."""
        whole = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
        return whole.hexdigest()[:16]

    def words(self, language: str) -> Mapping[str, str]:
        """Give the words that the folder says otherwise in a language.

        Raises:
            RefusalError: PUBLICATION-040 if the file is no JSON object of texts, names a word that
                there is not, or lacks one of its placeholders.
        """
        name = f"strings.{language}.json"
        content = self.files.get(name)
        return {} if content is None else _words(content, Place(name))


def template(folder: Path | None = None) -> Template:
    """Read the shipped template and what a folder has instead.

    Args:
        folder: Of an organisation; None: the one of this server, where there is one.

    Raises:
        RefusalError: PUBLICATION-040 for a folder that is named and not there, a link, another kind
            of file, or too many or too large ones.
    """
    own: dict[str, bytes] = {}
    if folder is not None and not folder.is_dir():
        refuse(rules.TEMPLATE_CAN_BE_SET, at=Place(str(folder)), problem="not a folder")
    folder = settings.REPORT_TEMPLATE if folder is None else folder
    if folder.is_dir():
        own = dict(_files(folder))
    return Template({**_shipped(), **own}, frozenset(own))


@cache
def _shipped() -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(SHIPPED.glob("*.typ"))}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    size = 0
    for number, file in enumerate(_walk(folder), start=1):
        name = file.relative_to(folder).as_posix()
        at = Place(name)
        if number > FILES_MAX:
            refuse(rules.TEMPLATE_CAN_BE_SET, at=at, problem=f"more than {FILES_MAX} files")
        if file.suffix.lower() not in SUFFIXES or name == DATA:
            allowed = ", ".join(sorted(SUFFIXES))
            refuse(
                rules.TEMPLATE_CAN_BE_SET,
                at=at,
                problem="not a file of a template",
                allowed=allowed,
            )
        size += file.stat().st_size
        if size > BYTES_MAX:
            refuse(rules.TEMPLATE_CAN_BE_SET, at=at, problem=f"more than {BYTES_MAX} bytes")
        yield name, file.read_bytes()


def _walk(folder: Path) -> Iterator[Path]:
    """Give the files of a folder in order, hidden ones and notes left out; refuse links."""
    for file in sorted(folder.iterdir()):
        if file.is_symlink():
            refuse(rules.TEMPLATE_CAN_BE_SET, at=Place(file.name), problem="a link")
        if file.name.startswith(".") or file.suffix.lower() in OTHERS:
            continue
        if file.is_dir():
            yield from _walk(file)
        else:
            yield file


def _words(content: bytes, at: Place) -> Mapping[str, str]:
    try:
        found = json.loads(content)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        refuse(rules.TEMPLATE_CAN_BE_SET, at=Place(at.file, line), problem="not JSON in UTF-8")
    if not isinstance(found, dict):
        refuse(rules.TEMPLATE_CAN_BE_SET, at=at, problem="not an object")
    for name, text in found.items():
        if name not in WORDS or not isinstance(text, str):
            problem = "not a text" if name in WORDS else "no such word"
            refuse(rules.TEMPLATE_CAN_BE_SET, at=at, word=name[:60], problem=problem)
        if not _fits(text, WORDS[name]):
            problem = "a placeholder that is not known here, or a stray percent sign"
            refuse(rules.TEMPLATE_CAN_BE_SET, at=at, word=name, problem=problem)
    return found


def _fits(text: str, original: str) -> bool:
    """Tell whether a text can take what is put into the original."""
    names = _PLACEHOLDER.findall(original)
    if not names:
        return True  # nothing is put into it
    try:
        text % dict.fromkeys(names, "")
    except (KeyError, ValueError, TypeError):
        return False
    return True

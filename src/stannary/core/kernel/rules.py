"""What a rule, a finding and a refusal are, and the rules that every context shares.

Rules: KERNEL-001 to KERNEL-006.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn


def gettext_noop(text: str) -> str:
    """Mark a text for the message catalogues and return it as it is."""
    return text


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand with its permanent code.

    Attributes:
        code: Context in capitals, a hyphen, three digits: "CUSTODY-002". Never reused.
        demand: What must hold, as one sentence.
        source: Where the demand comes from: a standard's clause, a contract, our own design.
        remedy: What a person can do when the demand does not hold.
    """

    code: str
    demand: str
    source: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something was found.

    Attributes:
        file: Name of the file as the caller gave it; "-" for standard input.
        line: Line from 1, header included; in a workbook the row. None: the whole file.
        column: Name of the column or key. None: the whole line.
    """

    file: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """A record fails a rule: which rule, with which facts, where.

    Attributes:
        rule: The rule that does not hold.
        facts: Names and values with units, in the order they are worth reading.
        at: Where in a file; None when there is no file.
    """

    rule: Rule
    facts: Mapping[str, str] = field(default_factory=dict)
    at: Place | None = None

    @property
    def code(self) -> str:
        """The permanent code of the rule."""
        return self.rule.code

    @property
    def message(self) -> str:
        """Code, demand, facts and remedy as one English line."""
        here = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        where = f"{self.at}: " if self.at else ""
        facts = f" Here: {here}." if here else ""
        return f"{where}{self.rule.code}: {self.rule.demand}{facts} {self.rule.remedy}"

    def as_dict(self) -> dict[str, object]:
        """Give the finding in the shape that outsiders rely on (CONTRACTS: findings)."""
        shape: dict[str, object] = {
            "code": self.rule.code,
            "demand": self.rule.demand,
            "facts": dict(self.facts),
            "remedy": self.rule.remedy,
        }
        at: dict[str, object] = {}
        if self.at is not None:
            at = {"file": self.at.file, "line": self.at.line, "column": self.at.column}
        shape["at"] = at or None
        return shape


class RefusalError(Exception):
    """An act that must not happen was stopped before anything changed."""

    def __init__(self, *findings: Finding) -> None:
        if not findings:
            raise InvariantError("a refusal needs at least one finding")
        self.findings = findings
        super().__init__(findings[0].message)

    @property
    def rule(self) -> Rule:
        """The rule of the first finding: the one to show."""
        return self.findings[0].rule


class InvariantError(Exception):
    """Something that cannot be, is: a bug of ours, never of the user."""


def refuse(rule: Rule, *, at: Place | None = None, **facts: str) -> NoReturn:
    """Stop an act with one finding.

    Raises:
        RefusalError: Always, with the rule's code.
    """
    raise RefusalError(Finding(rule=rule, facts=facts, at=at))


MASS_IS_WHOLE_MILLIGRAMS = Rule(
    code="KERNEL-001",
    demand=gettext_noop(
        "A mass is a whole number of milligrams from 1 to 9 000 000 000 000 000 000."
    ),
    source="Stannary contracts, section 2",
    remedy=gettext_noop(
        "Write the mass in milligrams, digits only, without separators or decimals."
    ),
)
DATE_IS_PARTIAL_OR_FULL = Rule(
    code="KERNEL-002",
    demand=gettext_noop(
        "A date is written YYYY, YYYY-MM or YYYY-MM-DD and exists in the calendar."
    ),
    source="ISO 8601-1:2019, 5.2.2",
    remedy=gettext_noop("Write as much of the date as is known, for example 2024-06."),
)
MARK_IS_KNOWN = Rule(
    code="KERNEL-003",
    demand=gettext_noop("Every constant says how sure we are of it, with one of the known marks."),
    source="Stannary design, decision 1",
    remedy=gettext_noop("Use one of S, S2, SEED, SEED+S, SEED+S2, D, GK, ? or own."),
)
VALUE_HAS_ITS_KIND = Rule(
    code="KERNEL-004",
    demand=gettext_noop("A constant has a value of the kind and in the range that its use needs."),
    source="Stannary design, decision 1",
    remedy=gettext_noop("Correct the value, or leave it out and mark it ? if it is unknown."),
)
VALUES_ARE_IN_ORDER = Rule(
    code="KERNEL-005",
    demand=gettext_noop(
        "The values of a constant stand in the order in which they came into force, each with its own day."
    ),
    source="Stannary style, data",
    remedy=gettext_noop(
        "Put the values in order, and give each but the first the day it holds from."
    ),
)
CONTENT_HAS_ONE_FORM = Rule(
    code="KERNEL-006",
    demand=gettext_noop(
        "What is hashed or signed is JSON with texts as keys, complete characters and whole numbers within 2^53."
    ),
    source="RFC 8785, sections 3.1 and 3.2",
    remedy=gettext_noop("Write large or fractional numbers as text."),
)

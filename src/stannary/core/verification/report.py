"""The report of a check: eight steps, each passed, failed or not checked, with a reason for people."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stannary.core.kernel import Finding, Rule, gettext_noop
from stannary.core.verification import rules


class Outcome(StrEnum):
    """How a step came out."""

    PASSED = "pass"
    FAILED = "fail"
    NOT_CHECKED = "not_checked"


class StepName(StrEnum):
    """The steps, in the order in which they are taken; permanent names."""

    READABLE = "readable"
    SIGNED = "signed"
    ISSUER_TRUSTED = "issuer_trusted"
    NOT_REVOKED = "not_revoked"
    IN_FORCE = "in_force"
    LOGGED = "logged"
    RECOMPUTED = "recomputed"
    CONSISTENT = "consistent"


STEP_TITLES: Mapping[StepName, str] = {
    StepName.READABLE: gettext_noop("The file is complete and readable"),
    StepName.SIGNED: gettext_noop("Signed by its issuer, unchanged since"),
    StepName.ISSUER_TRUSTED: gettext_noop("The issuer is one that you trust"),
    StepName.NOT_REVOKED: gettext_noop("Not withdrawn by its issuer"),
    StepName.IN_FORCE: gettext_noop("In force on the day of the check"),
    StepName.LOGGED: gettext_noop("Entered in the public log"),
    StepName.RECOMPUTED: gettext_noop("Recomputed from what is enclosed"),
    StepName.CONSISTENT: gettext_noop("Agrees with everything that it cites"),
}


STEP_RULES: Mapping[StepName, Rule] = {
    StepName.READABLE: rules.EVERYTHING_IS_READABLE,
    StepName.SIGNED: rules.IT_IS_SIGNED,
    StepName.ISSUER_TRUSTED: rules.ISSUER_IS_TRUSTED,
    StepName.NOT_REVOKED: rules.IT_IS_NOT_REVOKED,
    StepName.IN_FORCE: rules.IT_IS_IN_FORCE,
    StepName.LOGGED: rules.IT_IS_LOGGED,
    StepName.RECOMPUTED: rules.IT_CAN_BE_RECOMPUTED,
    StepName.CONSISTENT: rules.IT_AGREES_WITH_WHAT_IT_CITES,
}
"""What each step asks, as a rule with its code."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check.

    Attributes:
        name: Which.
        outcome: How it came out.
        sentence: Why, for people: a text with named placeholders, to be translated as it is.
        facts: What stands in the placeholders.
        where: What in the file it is about: "movements, line 12"; "" for no place of its own.
        findings: The rules that do not hold; empty unless it failed.
    """

    name: StepName
    outcome: Outcome
    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def number(self) -> int:
        """Its place among the steps, from 1."""
        return list(StepName).index(self.name) + 1

    @property
    def title(self) -> str:
        """What the step asks, in English; to be translated as it is."""
        return STEP_TITLES[self.name]

    @property
    def rule(self) -> Rule:
        """The rule that the step asks for."""
        return STEP_RULES[self.name]

    @property
    def reason(self) -> str:
        """Why it came out so, in English."""
        return self.said(str)

    def said(self, translate: Callable[[str], str]) -> str:
        """Tell why it came out so, in another language.

        Args:
            translate: Gives the translation of a text of ours; it is called for the sentence and
                for the demand of a rule that the sentence quotes.
        """
        facts = dict(self.facts)
        if "demand" in facts:
            facts["demand"] = translate(facts["demand"])
        return translate(self.sentence) % facts


@dataclass(frozen=True, slots=True)
class Statement:
    """What the file says, to head the report; believe it only if the report holds.

    Attributes:
        id: Of the credential; "" where it has none.
        name: A title.
        issuer: Id of who says it.
        issuer_name: As it calls itself; "" where it does not.
        valid_from: First instant; None where none is named.
        valid_until: First instant at which it is no longer valid; None where none is named.
        sentences: Language to sentence, for a claim; empty for anything else.
    """

    id: str
    name: str
    issuer: str
    issuer_name: str
    valid_from: datetime.datetime | None
    valid_until: datetime.datetime | None
    sentences: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        file: Name of the file.
        kind: What it is: "claim_file", "result_file", "credential", "plain_credential", "log_proof",
            "total_receipt".
        on: The day for which it was checked.
        steps: All eight, in order.
        statement: What the file says; None where it cannot be read.
    """

    file: str
    kind: str
    on: datetime.date
    steps: tuple[Step, ...]
    statement: Statement | None

    @property
    def holds(self) -> bool:
        """Whether no step failed and a signature was checked.

        Without a signature nobody has said anything: then nothing holds, even if nothing failed.
        """
        signed = self.step(StepName.SIGNED).outcome is Outcome.PASSED
        return signed and not self.failed

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that failed."""
        return tuple(step for step in self.steps if step.outcome is Outcome.FAILED)

    @property
    def not_checked(self) -> tuple[Step, ...]:
        """The steps that could not be taken."""
        return tuple(step for step in self.steps if step.outcome is Outcome.NOT_CHECKED)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that do not hold, over all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def summary(self) -> str:
        """The verdict as one sentence, in English; to be translated as it is."""
        if self.failed:
            return gettext_noop("It does not hold.")
        if not self.holds:
            return gettext_noop("Nothing is wrong so far, but no signature could be checked.")
        if self.not_checked:
            return gettext_noop("It holds, as far as it could be checked.")
        return gettext_noop("It holds.")

    def step(self, name: StepName) -> Step:
        """Give a step by its name."""
        return next(step for step in self.steps if step.name is name)


def passed(name: StepName, sentence: str, /, *, where: str = "", **facts: str) -> Step:
    """Make a step that passed."""
    return Step(name, Outcome.PASSED, sentence, facts, where)


def unchecked(name: StepName, sentence: str, /, *, where: str = "", **facts: str) -> Step:
    """Make a step that was not taken."""
    return Step(name, Outcome.NOT_CHECKED, sentence, facts, where)


def failed(
    name: StepName, sentence: str, findings: Iterable[Finding], /, *, where: str = "", **facts: str
) -> Step:
    """Make a step that failed, with the rules that do not hold."""
    return Step(name, Outcome.FAILED, sentence, facts, where, tuple(findings))


def report_as_dict(report: Report) -> dict[str, object]:
    """Give a report in the shape that outsiders rely on (CONTRACTS, section 4)."""
    statement = report.statement
    return {
        "file": report.file,
        "kind": report.kind,
        "on": report.on.isoformat(),
        "holds": report.holds,
        "summary": report.summary,
        "statement": None if statement is None else _statement_as_dict(statement),
        "steps": [
            {
                "number": step.number,
                "name": str(step.name),
                "rule": step.rule.code,
                "outcome": str(step.outcome),
                "title": step.title,
                "reason": step.reason,
                "where": step.where or None,
            }
            for step in report.steps
        ],
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _statement_as_dict(statement: Statement) -> dict[str, object]:
    instants = {"valid_from": statement.valid_from, "valid_until": statement.valid_until}
    return {
        "id": statement.id or None,
        "name": statement.name or None,
        "issuer": statement.issuer,
        "issuer_name": statement.issuer_name or None,
        **{name: None if at is None else at.isoformat() for name, at in instants.items()},
        "sentences": dict(statement.sentences),
    }

"""Findings in an engagement with everybody in it."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from stannary.core.corrections import Grade, NoteKind
from stannary.core.cycle import STEPS, Act, Facts, Role, State
from stannary.web.corrections.models import FindingRecord, FindingStep
from stannary.web.corrections.operations import Said, raise_finding, take_step
from stannary.web.cycle import operations, records
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given, hand_in
from stannary.web.parties.models import Person
from web.cycle.conftest import (  # noqa: F401 - fixtures of engagements
    cast,
    engagement,
    operator,
    path_to,
    put_in,
    reviewer,
    site,
    site_user,
)

REQUIREMENT = "1.1.1.1"
DAY = datetime.date(2026, 2, 2)
ONE = datetime.timedelta(days=1)
Cast = dict[Role | None, Person]
BY = {
    NoteKind.PLAN: Role.SITE_USER,
    NoteKind.EXTEND: Role.SECRETARIAT,
    NoteKind.HAND_IN: Role.SITE_USER,
    NoteKind.REFUSE: Role.AUDITOR,
    NoteKind.PROPOSE: Role.AUDITOR,
    NoteKind.CLOSE: Role.LEAD_AUDITOR,
    NoteKind.ESCALATE: Role.SECRETARIAT,
    NoteKind.CONFIRM: Role.AUDITOR,
    NoteKind.REOPEN: Role.AUDITOR,
}
WAY = (NoteKind.PLAN, NoteKind.HAND_IN, NoteKind.PROPOSE, NoteKind.CLOSE)


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), datetime.UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Keep the files of each test apart."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return tmp_path / "evidence"


@dataclass
class Walk:
    """An engagement in which findings are raised and corrected."""

    engagement: Engagement
    cast: Cast
    file: EvidenceVersion | None = None

    def advance(self, state: State) -> None:
        """Bring the engagement further, by storing the acts that are missing on the way."""
        there = self.engagement.acts.count()
        ActRecord.objects.bulk_create(
            records.record(
                self.engagement,
                Act(
                    id=str(number),
                    kind=kind,
                    role=min(STEPS[kind].roles),
                    by=str(self.cast[Role.SITE_USER].pk),
                    on=DAY,
                    reason="made up for a test",
                ),
                by=self.cast[Role.SITE_USER].pk,
                at=at(DAY),
                facts=Facts(),
            )
            for number, kind in enumerate(path_to(state), 1)
            if number > there
        )
        operations.rebuild()
        self.engagement.refresh_from_db()
        assert self.engagement.state == state

    def raised(
        self,
        grade: Grade | None = Grade.MINOR,
        day: datetime.date = DAY,
        requirement: str = REQUIREMENT,
        text: str = "A register has gaps.",
    ) -> FindingRecord:
        """Raise a finding as the auditor, while the audit is under way."""
        return raise_finding(
            actor=self.cast[Role.AUDITOR],
            engagement_id=self.engagement.pk,
            grade=grade,
            requirement=requirement,
            text=text,
            on=day,
            at=at(day),
        )

    def evidence(self) -> EvidenceVersion:
        """Hand in a file of the site, once."""
        given = Given(
            "Register", "2026", "", (REQUIREMENT,), "confidential", b"All there.", "r.txt"
        )
        self.file = self.file or hand_in(
            actor=self.cast[Role.SITE_USER], engagement_id=self.engagement.pk, given=given
        )
        return self.file

    def said(self, kind: NoteKind, day: datetime.date) -> Said:
        """Give what a step needs."""
        if kind is NoteKind.PLAN:
            return Said(
                root_cause="Two registers.", action="One.", owner="Manager", due=day + 30 * ONE
            )
        if kind is NoteKind.HAND_IN:
            return Said(evidence=(self.evidence().item,))
        return Said(text="Seen on site.", until=day + 900 * ONE)

    def step(
        self,
        row: FindingRecord,
        kind: NoteKind,
        day: datetime.date = DAY,
        role: Role | None = None,
        through: Engagement | None = None,
        said: Said | None = None,
        seen: int | None = None,
    ) -> FindingStep:
        """Take a step as who usually takes it."""
        return take_step(
            actor=self.cast[role or BY[kind]],
            engagement_id=(through or self.engagement).pk,
            number=row.number,
            kind=kind,
            seen=row.steps.count() if seen is None else seen,
            said=said or self.said(kind, day),
            on=day,
            at=at(day),
        )

    def up_to(self, kind: NoteKind, row: FindingRecord, day: datetime.date = DAY) -> FindingRecord:
        """Take all steps of the usual way up to one."""
        for one in WAY[: WAY.index(kind) + 1]:
            self.step(row, one, day)
        return row


@pytest.fixture
def walk(engagement: Engagement, cast: Cast) -> Walk:  # noqa: F811 - the fixtures
    """Give an engagement in stage 2, before the draft."""
    put_in(engagement, State.STAGE_2, by=cast[Role.SITE_USER])
    return Walk(engagement, cast)

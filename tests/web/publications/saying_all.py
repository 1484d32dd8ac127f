"""A result of form 2 under a shipped edition that says everything, for tests of its report."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from formats.whole_results import about
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.publications import PublishedResult as Result
from stannary.core.publications import publish
from stannary.core.publications.about import (
    About,
    ChapterLeftOut,
    Earlier,
    PublishedAction,
    PublishedInput,
    Ruling,
    SiteWord,
)
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.formats.canonical import sha256_hex
from stannary.formats.results import result_bytes
from stannary.web.publications.models import PublishedResult

DAY = datetime.date(2026, 6, 1)
MIXED = (
    Rating.FULLY,
    Rating.SUBSTANTIALLY,
    Rating.FULLY,
    Rating.PARTIALLY,
    Rating.NOT_MET,
    Rating.NOT_RELEVANT,
)
REASON = "The register was read in full; 31 of 36 samples lie below the limit. "


@dataclass(frozen=True)
class Said:
    """A row that is not stored, and the result before it."""

    row: PublishedResult
    earlier: Result


def saying_all(edition: Edition, *, reason: Callable[[int], str] = REASON.__mul__) -> Said:
    """Give a result with every field of form 2; requirement n has `reason(n % 4 + 1)`."""
    first = _published(_sheet(edition, 1, reason), uuid.UUID(int=1), None)
    said = about(
        stakeholder_input=tuple(_input(edition, n) for n in range(3)),
        corrective_actions=tuple(_action(edition, n) for n in range(4)),
        not_relevant_chapters=(
            ChapterLeftOut(edition.chapters[3].id, edition.chapters[3].title, "None here."),
        ),
        earlier=Earlier(first.id, sha256_hex(result_bytes(first))),
    )
    result_id = uuid.UUID(int=2)
    result = _published(_sheet(edition, 0, reason), result_id, said)
    content = result_bytes(result)
    row = PublishedResult(
        result_id=result_id,
        standard=edition.id,
        published_on=DAY,
        content=content.decode(),
        sha256=sha256_hex(content),
        log_index=7,
    )
    return Said(row, first)


def _sheet(edition: Edition, shift: int, reason: Callable[[int], str]) -> RatingSheet:
    return rating_sheet(
        edition,
        [
            Verdict(
                one.id,
                Rating.SUBSTANTIALLY if one.critical else MIXED[(n + shift) % len(MIXED)],
                reason(n % 4 + 1),
                (f"https://pit.example/evidence/{n}",) if n % 3 == 0 else (),
            )
            for n, one in enumerate(edition.requirements)
        ],
    )


def _published(sheet: RatingSheet, result_id: uuid.UUID, said: About | None) -> Result:
    names = [one.id for one in sheet.edition.requirements]
    site = {name: SiteWord(Rating.FULLY, "We do, we think.") for name in names[::4]}
    return publish(
        result_id=result_id.urn,
        site_id="example-ridge",
        site_name="Example Ridge",
        illustrative=True,
        sheet=sheet,
        score=score(sheet, as_of=DAY),
        firm="Example Assurance",
        lead_auditor="Ada Fell",
        published_on=DAY,
        pack_sha256="0" * 64,
        about=said,
        site=site if said else {},
        rulings={names[5]: Ruling("reviewer", "The logs of May count too.")} if said else {},
    )


def _input(edition: Edition, n: int) -> PublishedInput:
    return PublishedInput(
        id=f"S-{n}",
        group=("workers", "communities", "indigenous_peoples")[n],
        channel=("interview", "online")[n % 2],
        people=12 if n % 2 else None,
        topic="Rest days are not kept at the mill.",
        requirements=(edition.requirements[n].id,) if n else (),
        disposition="looked_into: The rosters of May show it." if n % 2 else "",
    )


def _action(edition: Edition, n: int) -> PublishedAction:
    closed = n == 3
    return PublishedAction(
        id=f"C-{n}",
        requirement=edition.requirements[n * 3].id,
        grade=("major", "minor", "observation", "minor")[n],
        finding="Two of the logs lack a date.",
        cause="A form of 2019 is still in use." if n % 2 else "",
        plan="Replace the form; train all shifts." if n else "",
        due=datetime.date(2026, 9, 1) if n else None,
        state=("open", "planned", "handed_in", "effective")[n],
        closed_on=datetime.date(2026, 5, 1) if closed else None,
        verified_by="auditor" if closed else "",
    )

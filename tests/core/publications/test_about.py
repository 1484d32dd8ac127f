"""Form 2 with everything that it can say, as the tests of its shape and of its rules use it."""

import datetime
from dataclasses import replace
from typing import Any

from core.publications.test_results import QUARTERS, published, sheet
from core.scores.letters import DAY
from stannary.core.publications import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Notice,
    PublishedAction,
    PublishedInput,
    Ruling,
    Scope,
    ScopeUnit,
    SiteWord,
    StepDates,
    Teammate,
)
from stannary.core.standards import Rating

ONE_DAY = datetime.timedelta(days=1)
CHAPTER = QUARTERS.chapters[-1]
EARLIER = Earlier("tarn-hill-2025", "ab" * 32)
ACTION = PublishedAction(
    id="F-1",
    requirement="1.1.1.4",
    grade="minor",
    finding="One of three sites has no log.",
    cause="Nobody was named.",
    plan="Name somebody.",
    due=DAY + ONE_DAY,
    state="planned",
    closed_on=None,
    verified_by="",
)
INPUT = PublishedInput("S-1", "workers", "interview", 12, "Noise.", ("1.1.1.1",), "Seen on site.")
FULL = About(
    kind=Kind.SURVEILLANCE,
    engagement="5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01",
    scope=Scope((ScopeUnit("North pit", "pit"),), ("copper", "gold")),
    team=(Teammate("lead_auditor", "Ada Fell"), Teammate("reviewer", "Rob Vale")),
    dates=(StepDates("stage_1", DAY - 2 * ONE_DAY, DAY - ONE_DAY), StepDates("draft", DAY, DAY)),
    not_relevant_chapters=(ChapterLeftOut(CHAPTER.id, CHAPTER.title, "Nobody lives there."),),
    stakeholder_input=(INPUT, replace(INPUT, id="S-2", people=None)),
    corrective_actions=(
        ACTION,
        replace(ACTION, id="F-2", due=None, state="closed", closed_on=DAY, verified_by="auditor"),
    ),
    earlier=EARLIER,
)
CORRECTION = replace(FULL, kind=Kind.CORRECTION, notice=Notice("A typing error.", ("1.1.1.1",)))
WORDS: dict[str, Any] = {
    "site": {"1.1.1.1": SiteWord(Rating.PARTIALLY, "")},
    "rulings": {"1.1.1.1": Ruling("reviewer", "The register was shown.")},
}


def test_a_result_without_it_keeps_form_1() -> None:
    assert published().about is None
    assert published().type == "stannary/published-result/1"
    assert published(about=FULL).type == "stannary/published-result/2"


def test_form_2_alone_may_stand_without_anything_more() -> None:
    assert published(about=About(Kind.AUDIT), sheet=sheet("ffff ffff ffff fff"))


def test_clocks_are_counted_from_the_first_release() -> None:
    first = StepDates("publication", DAY - ONE_DAY, DAY - ONE_DAY)

    assert published().first_published_on == DAY
    assert published(about=FULL).first_published_on == DAY
    again = replace(FULL, dates=(*FULL.dates, first))
    assert published(about=again).first_published_on == DAY - ONE_DAY

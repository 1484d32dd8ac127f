"""A result of form 2 that says everything that it can, for the tests of the files made of it."""

import datetime
from typing import Any

from core.publications.test_results import published
from stannary.core.publications import PublishedResult
from stannary.core.publications.about import (
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

DAY = datetime.date(2026, 3, 1)


def about(**changes: Any) -> About:
    """Give everything that form 2 says; keywords change it."""
    whole: dict[str, Any] = {
        "kind": Kind.CORRECTION,
        "engagement": "TH-2026",
        "scope": Scope((ScopeUnit("North pit", "pit"), ScopeUnit("Mill", "plant")), ("copper",)),
        "team": (
            Teammate("lead_auditor", "Ada Fell"),
            Teammate("auditor", "Bo Tarn"),
            Teammate("reviewer", "Cy Hill"),
        ),
        "dates": (
            StepDates("stage_1", datetime.date(2025, 9, 1), datetime.date(2025, 9, 3)),
            StepDates("stage_2", datetime.date(2025, 10, 1), datetime.date(2025, 10, 9)),
        ),
        "not_relevant_chapters": (),
        "stakeholder_input": (
            PublishedInput(
                "S1", "workers", "interview", 12, "Rest days are not kept.", ("1.1.1.1",), "Looked into."
            ),
            PublishedInput("S2", "community", "comment", None, "Dust on the road.", (), ""),
        ),
        "corrective_actions": (
            PublishedAction(
                "C1", "1.1.1.4", "minor", "Two logs lack a date.", "A new form.", "Train all shifts.",
                datetime.date(2026, 6, 1), "planned", None, "",
            ),
            PublishedAction(
                "C2", "1.1.1.1", "observation", "A sign is missing.", "", "", None, "closed",
                datetime.date(2026, 2, 1), "auditor",
            ),
        ),
        "earlier": Earlier("tarn-hill-2025", "ab" * 32),
        "notice": Notice("A name was wrong.", ("firm", "1.1.1.4")),
    }  # fmt: skip
    return About(**(whole | changes))


def whole_result(**changes: Any) -> PublishedResult:
    """Give a result of form 2 with every field filled; keywords change what is published."""
    said: dict[str, Any] = {
        "about": about(),
        "site": {
            "1.1.1.1": SiteWord(Rating.FULLY, "We do."),
            "1.1.1.4": SiteWord(Rating.FULLY, ""),
        },
        "rulings": {"1.1.1.4": Ruling("reviewer", "The logs of May count.")},
    }
    return published(**(said | changes))


def left_out(chapter: str, title: str) -> tuple[ChapterLeftOut, ...]:
    """Give one chapter that was found not relevant."""
    return (ChapterLeftOut(chapter, title, "There is no water here."),)

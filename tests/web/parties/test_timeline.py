"""Where a site stands in its cycle: published facts, computed dates, and the day looked at."""

import datetime
import re
from itertools import combinations

import pytest
from defusedxml.ElementTree import fromstring

from stannary.core.assessments import cycle_dates
from stannary.core.kernel import PartialDate
from stannary.web.parties import site_page, timeline, timeline_svg
from stannary.web.parties.models import Site, SiteFact
from stannary.web.parties.timeline import date_words, span_words
from stannary.web.standards import queries as standards

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def known(slug: str, day: datetime.date = TODAY) -> site_page.Known:
    return site_page.known(Site.objects.get(slug=slug), day)


def entries(slug: str, day: datetime.date = TODAY) -> tuple[timeline.Entry, ...]:
    found = known(slug, day)
    return timeline.entries(found.facts, found.cycle, day)


def test_the_dates_are_those_of_core(published: None) -> None:
    found = known("minas-rio")
    edition = standards.edition("irma/mining/1.0")

    assert found.cycle.dates == cycle_dates(edition, PartialDate.parse("2024-02-07"))
    assert found.cycle.dates is not None
    assert found.cycle.dates.surveillance_from == datetime.date(2025, 2, 7)
    assert found.cycle.dates.surveillance_until == datetime.date(2025, 8, 7)
    assert found.cycle.dates.reassessment_due == datetime.date(2027, 2, 7)


def test_everything_stands_in_order_of_time_with_today_between(published: None) -> None:
    assert [(one.kind, one.date.replace("\xa0", " ")) for one in entries("minas-rio")] == [
        ("fact", "7 February 2024"),
        ("window", "7 February 2025 – 7 August 2025"),
        ("fact", "20 January 2026"),
        ("today", "22 November 2026"),
        ("due", "7 February 2027"),
    ]


@pytest.mark.parametrize(
    ("day", "level", "words"),
    [
        ("2024-02-06", "", []),
        ("2024-02-07", "IRMA-75", ["opens in 12 months", "in 3 years"]),
        ("2025-02-06", "IRMA-75", ["opens in 1 day", "in 2 years"]),
        ("2025-02-07", "IRMA-75", ["open, closes in 5 months", "in 2 years"]),
        ("2025-08-07", "IRMA-75", ["open, closes in 0 days", "in 18 months"]),
        ("2025-08-08", "IRMA-75", ["closed 1 day ago; no surveillance report is known here", "in 18 months"]),
        ("2026-01-20", "IRMA-75", ["a report is known here", "in 12 months"]),
        ("2027-02-07", "IRMA-75", ["a report is known here", "in 0 days"]),
        ("2027-02-08", "IRMA-75", ["a report is known here", "1 day ago; no newer full audit is known here"]),
    ],
)  # fmt: skip
def test_a_site_is_shown_as_it_was_known_on_the_day(
    published: None, day: str, level: str, words: list[str]
) -> None:
    found = known("minas-rio", datetime.date.fromisoformat(day))

    assert found.level == level
    assert [timeline.standing_words(step) for step in found.cycle.steps] == words


def test_a_site_without_a_release_has_no_computed_date(published: None) -> None:
    for slug in ("stillwater", "greenbushes", "sorowako"):
        assert known(slug).cycle == timeline.NO_CYCLE
        assert not [one for one in entries(slug) if one.computed]


def test_a_pending_level_still_has_its_clocks(published: None) -> None:
    found = known("fenix")

    assert found.level == ""
    assert found.cycle.dates is not None
    assert found.cycle.dates.reassessment_due == datetime.date(2028, 2, 26)


def test_an_unknown_edition_computes_nothing(published: None) -> None:
    Site.objects.filter(slug="minas-rio").update(standard="nobody/knows/9")

    assert known("minas-rio").cycle == timeline.NO_CYCLE
    assert known("minas-rio").level == "IRMA-75"


def test_a_fact_without_a_date_stands_last_and_says_so(published: None) -> None:
    site = Site.objects.get(slug="minas-rio")
    SiteFact.objects.create(site=site, kind="visit", text="Once", source="s", mark="S", position=9)

    last = entries("minas-rio")[-1]

    assert (last.first, last.date, last.text) == (None, "date unknown", "Once")


def test_a_partial_date_covers_all_that_it_may_mean_and_is_vague(published: None) -> None:
    review = next(one for one in entries("stillwater") if one.first == datetime.date(2023, 11, 1))

    assert review.last == datetime.date(2023, 11, 30)
    assert review.vague
    assert not any(one.vague for one in entries("minas-rio"))


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    """Where the labels stand: left, top, right, bottom, with the width that the layout counts on."""
    found = []
    for text in fromstring(drawing).iter("text"):
        if text.attrib.get("class") == "q" and (text.text or "").isdigit():
            continue
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        found.append((x, y - 11, x + 7.4 * len(text.text or ""), y + 3))
    return found


def test_no_label_covers_another_or_leaves_the_drawing(published: None) -> None:
    for site in Site.objects.all():
        for day in (TODAY, datetime.date(2024, 6, 1), datetime.date(2031, 1, 1)):
            drawing = timeline_svg.draw(entries(site.slug, day), title="t")
            if not drawing:
                continue
            those = boxes(drawing)
            for one, other in combinations(those, 2):
                apart = (
                    one[2] <= other[0]
                    or other[2] <= one[0]
                    or one[3] <= other[1]
                    or other[3] <= one[1]
                )
                assert apart, (site.slug, day, one, other)
            assert all(
                left >= 0 and right <= timeline_svg.WIDTH + 1 for left, _t, right, _b in those
            )


def test_the_drawing_has_a_name_and_escapes_what_it_says(published: None) -> None:
    site = Site.objects.get(slug="minas-rio")
    SiteFact.objects.create(
        site=site, kind="<script>", on="2025", text="<b>", source="s", mark="S", position=9
    )
    drawing = timeline_svg.draw(entries("minas-rio"), title="A & <B>")

    assert "<script" not in drawing
    assert fromstring(drawing).findtext("title") == "A & <B>"
    assert 'role="img" aria-labelledby="timeline-title"' in drawing


def test_without_any_date_nothing_is_drawn(published: None) -> None:
    assert timeline_svg.draw(entries("greenbushes"), title="t") == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (60, "60 days"),
        (61, "2 months"),
        (729, "23 months"),
        (730, "2 years"),
        (1096, "3 years"),
    ],
)
def test_a_span_is_said_as_people_would(days: int, words: str) -> None:
    assert span_words(days) == words


def test_dates_are_said_as_far_as_they_are_known() -> None:
    said = [date_words("2024"), date_words("2024-02"), date_words("2024-02-07"), date_words("")]

    assert [re.sub("\xa0", " ", one) for one in said] == [
        "2024",
        "February 2024",
        "7 February 2024",
        "date unknown",
    ]


def test_a_result_published_here_stands_on_the_timeline_of_its_site(published: None) -> None:
    Site.objects.create(
        slug="example", name="Example Mine", country="NZ", illustrative=True, standard="irma/mining/1.0",
        status="published", level="IRMA-50", released_on="2026-01-05",
    )  # fmt: skip
    found = known("example")
    drawn = timeline.entries(found.facts, found.cycle, TODAY, released_here=found.released_on)

    assert found.level == "IRMA-50"
    assert next((one.kind, one.source) for one in drawn) == ("fact", "published here")
    assert known("example", datetime.date(2026, 1, 4)).level == ""

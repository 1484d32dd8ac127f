"""A correction is another result: it says why, and the old one stays and leads to it."""

import datetime
import json

import pytest
from django.test import Client

from refusals import refused_by
from stannary.core.cycle import Role
from stannary.core.publications import check_result
from stannary.core.standards import Edition
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.attestations.models import Achievement, StatusChange
from stannary.web.parties.models import Person
from stannary.web.publications import records
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import Corrected, correct
from web.publications.conftest import PENDING, Story

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 2, 16)
WHY = "The rating was entered in the wrong line."
WEAKER = Corrected("1.1.1.1", "partially", "Two of five registers have gaps.")
ENOUGH = Corrected("1.1.1.2", "fully", "The register was complete.")


def corrected(
    by: Person, base: PublishedResult, *verdicts: Corrected, **more: object
) -> PublishedResult:
    asked = {"reason": WHY, "published_on": DAY, **more}
    return correct(actor=by, base_id=base.result_id, verdicts=verdicts, **asked)  # type: ignore[arg-type]


def test_a_correction_stands_beside_what_it_corrects(
    published: PublishedResult, secretary: Person, open_mining: Edition, rated: Assessment
) -> None:
    row = corrected(secretary, published, ENOUGH)

    about = records.result_of(row).about
    assert about is not None
    assert about.notice is not None
    assert (about.notice.reason, about.notice.changed[-1]) == (WHY, "1.1.1.2")
    assert (row.kind, row.corrects, row.earlier) == ("correction", published, published)
    assert check_result(json.loads(row.content), open_mining) == ()
    assert PublishedResult.objects.get(pk=published.pk).content == published.content
    counting = assessments.newest_records([rated])[rated.pk]["1.1.1.2"]
    assert (counting.side, counting.rating, counting.by) == ("final", "fully", secretary.pk)
    held = Achievement.objects.get()
    assert (held.result, held.status_changes.count()) == (published, 0)


def test_a_correction_that_moves_the_level_withdraws_the_achievement_and_gives_another(
    published: PublishedResult, secretary: Person
) -> None:
    row = corrected(secretary, published, WEAKER)

    assert (published.level, row.level) == ("OPEN-75", "OPEN-TRANSPARENCY")
    change = StatusChange.objects.get()
    assert (change.achievement.result, change.status, change.on) == (published, "withdrawn", DAY)
    assert change.reason == WHY
    given = Achievement.objects.get(result=row)
    assert (given.level, given.valid_from) == ("OPEN-TRANSPARENCY", DAY)
    assert given.valid_until == datetime.date(2029, 1, 5)

    again = corrected(secretary, row, Corrected("1.1.1.1", "fully", "It was right at first."))
    assert Achievement.objects.get(result=again).achievement_id.endswith(str(again.result_id))
    assert StatusChange.objects.count() == 2


def test_names_and_scope_may_be_taken_anew(published: PublishedResult, secretary: Person) -> None:
    site = published.site
    site.name, site.materials = "Example Pit North", "copper"
    site.save()

    row = corrected(secretary, published, fresh=True)

    result = records.result_of(row)
    assert result.about is not None
    assert result.about.notice is not None
    assert result.about.notice.changed == ("site", "scope")
    assert result.site_name == "Example Pit North"


def test_what_is_wrong_with_a_correction_is_told(
    published: PublishedResult, secretary: Person, auditor: Person
) -> None:
    unknown = Corrected("9.9.9.9", "fully", "Why.")
    cases = (
        (lambda: corrected(auditor, published, ENOUGH), "PARTY-001"),
        (lambda: corrected(secretary, published), "PUBLICATION-011"),
        (lambda: corrected(secretary, published, ENOUGH, reason=" "), "PUBLICATION-011"),
        (lambda: corrected(secretary, published, unknown), "RATING-001"),
        (
            lambda: corrected(secretary, published, Corrected("1.1.1.2", "good", "Why.")),
            "RATING-003",
        ),
        (lambda: corrected(secretary, published, Corrected("1.1.1.2", "fully", "")), "RATING-027"),
        (
            lambda: corrected(secretary, published, ENOUGH, published_on=datetime.date(2026, 1, 4)),
            "PUBLICATION-021",
        ),
        (
            lambda: corrected(secretary, published, ENOUGH, published_on=datetime.date(2999, 1, 4)),
            "PUBLICATION-020",
        ),
    )
    for act, code in cases:
        assert refused_by(act) == code
    assert PublishedResult.objects.count() == 1
    corrected(secretary, published, ENOUGH)
    assert refused_by(lambda: corrected(secretary, published, WEAKER)) == "PUBLICATION-024"


def test_a_later_verdict_is_not_undone_by_correcting_an_older_result(
    story: Story, pending: PublishedResult, settled: PublishedResult
) -> None:
    by = story.people[Role.SECRETARIAT]

    corrected(
        by,
        pending,
        Corrected(PENDING, "not_met", "It was seen then."),
        published_on=datetime.date(2026, 5, 1),
    )

    counting = assessments.newest_records([story.audit])[story.audit.pk][PENDING]
    assert counting.rating == "fully"
    assert story.row.site.results.count() == 3


def test_the_secretariat_corrects_on_a_page_and_sees_first_what_it_changes(
    published: PublishedResult, secretary: Person, auditor: Person
) -> None:
    address = f"/results/{published.result_id}/correct/"
    browser = Client()
    browser.force_login(auditor)
    assert browser.get(address).status_code == 404
    browser.force_login(secretary)
    assert browser.get(address).status_code == 200
    asked = {"reason": WHY, "requirement": "1.1.1.2", "rating": "fully", "why": ENOUGH.reason}

    preview = browser.post(address, asked).content.decode()
    assert '<ins><span class="visually-hidden">Added: </span>' in preview
    assert "<code>1.1.1.2</code>" in preview
    assert browser.post(address, {**asked, "publish": "yes"}).status_code == 422
    assert browser.post(address, {**asked, "rating": "good"}).status_code == 422
    assert PublishedResult.objects.count() == 1
    answer = browser.post(address, {**asked, "confirm": "yes"})

    made = PublishedResult.objects.get(kind="correction")
    assert answer.headers["Location"] == f"/results/{made.result_id}/"
    assert browser.get(address).status_code == 422


def test_two_results_are_laid_beside_each_other_for_everybody(
    published: PublishedResult, secretary: Person
) -> None:
    row = corrected(secretary, published, WEAKER)
    base = f"/results/{row.result_id}/changes/{published.result_id}"

    page = Client().get(f"{base}/").content.decode()
    shape = Client().get(f"{base}.json").json()
    api = Client().get(f"/api/v1/results/{published.result_id}/changes/{row.result_id}").json()

    assert '<del><span class="visually-hidden">Removed: </span>fully</del>' in page
    assert WHY in page
    assert [one["requirement"] for one in shape["verdicts"]] == ["1.1.1.1"]
    assert (shape["before"]["level"], shape["after"]["level"]) == ("OPEN-75", "OPEN-TRANSPARENCY")
    assert api == shape
    same = f"/results/{row.result_id}/changes/{row.result_id}/"
    assert Client().get(same).status_code == 404


def test_programs_correct_too(published: PublishedResult, secretary: Person) -> None:
    browser = Client()
    browser.force_login(secretary)
    address = f"/api/v1/results/{published.result_id}/corrections"
    body = {
        "reason": WHY,
        "verdicts": [{"requirement": "1.1.1.2", "rating": "fully", "reason": "Complete."}],
        "confirm": True,
    }
    key = {"Idempotency-Key": "one"}

    unmeant = browser.post(address, {**body, "confirm": False}, "application/json")
    first = browser.post(address, body, "application/json", headers=key)
    second = browser.post(address, body, "application/json", headers=key)

    assert unmeant.status_code == 422
    assert (first.status_code, first.json()) == (201, second.json())
    assert (first.json()["kind"], first.json()["earlier"]) == (
        "correction",
        str(published.result_id),
    )
    assert first.headers["Location"].endswith(first.json()["id"])
    listed = Client().get("/api/v1/results").json()["items"]
    assert [one["corrected_by"] for one in listed] == [first.json()["id"], None]


def test_french_pages_say_in_which_language_people_wrote(
    published: PublishedResult, secretary: Person
) -> None:
    row = corrected(secretary, published, ENOUGH)
    base = f"/results/{row.result_id}/"

    for address in (base, f"{base}changes/{published.result_id}/"):
        french = Client().get(f"/fr{address}").content.decode()
        english = Client().get(address).content.decode()
        assert f'<span lang="en">{WHY}</span>' in french
        assert '<p lang="en">' in french
        assert '<p lang="en">' not in english
        assert '<span lang="en">' not in english
    assert '<span class="visually-hidden" lang="fr">' in french

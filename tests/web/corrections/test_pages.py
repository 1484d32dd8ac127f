"""Pages and API of findings: raising, stepping, refusing, listing."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stannary.core.corrections import NoteKind
from stannary.core.cycle import Role, State
from stannary.web.corrections.models import FindingRecord, FindingStep
from web.corrections.conftest import DAY, ONE, REQUIREMENT, Walk

pytestmark = pytest.mark.django_db


def browser(walk: Walk, role: Role) -> Client:
    client = Client()
    client.force_login(walk.cast[role])
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def there(walk: Walk, ending: str = "") -> str:
    return f"/engagements/{walk.engagement.pk}/findings/{ending}"


def api(walk: Walk, ending: str = "") -> str:
    return f"/api/v1/engagements/{walk.engagement.pk}/findings{ending}"


def test_an_auditor_raises_a_finding_on_its_page_and_is_told_what_is_wrong(walk: Walk) -> None:
    auditor = browser(walk, Role.AUDITOR)
    assert "Raise another finding" in text(auditor.get(there(walk)))

    wrong = {"requirement": "9.9", "grade": "major", "text": "Gaps in the register."}
    refused = auditor.post(there(walk, "raise/"), wrong)
    assert refused.status_code == 422
    assert "CORRECTION-010" in text(refused)
    assert "Gaps in the register." in text(refused)

    kept = auditor.post(there(walk, "raise/"), {**wrong, "requirement": REQUIREMENT})
    assert kept.headers["Location"] == there(walk, "1/")
    assert FindingRecord.objects.get().grade == "major"
    assert "Nothing now" in text(auditor.get(there(walk, "1/")))


def test_a_site_plans_and_hands_in_and_sees_what_happened(walk: Walk) -> None:
    walk.raised()
    walk.advance(State.DRAFT)
    version = walk.evidence()
    site = browser(walk, Role.SITE_USER)
    plan = {"step": "plan", "seen": "0", "root_cause": "Two registers.", "action": "One."}

    refused = site.post(there(walk, "1/step/"), plan)
    assert refused.status_code == 422
    assert "CORRECTION-003" in text(refused)
    assert "Two registers." in text(refused)
    due = timezone.localdate() + 30 * ONE
    plan |= {"owner": "Manager", "due": due.isoformat()}
    assert site.post(there(walk, "1/step/"), plan).status_code == 302
    handed = {"step": "hand_in", "seen": "1", "evidence": [str(version.item), "no-id"]}
    assert site.post(there(walk, "1/step/"), handed).status_code == 302

    shown = text(site.get(there(walk, "1/")))
    assert "Correction handed in" in shown
    assert "Register</a>" in shown
    scheme = text(browser(walk, Role.SECRETARIAT).get(there(walk, "1/")))
    assert "1 piece of evidence that is not open to you" in scheme
    stale = site.post(there(walk, "1/step/"), {**handed, "seen": "x"})
    assert stale.status_code == 409
    assert "CORRECTION-020" in text(stale)


def test_who_proposed_to_close_sees_that_somebody_else_closes(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.PROPOSE, row)

    assert "somebody else of the audit team closes it" in text(
        browser(walk, Role.AUDITOR).get(there(walk, "1/"))
    )
    lead = browser(walk, Role.LEAD_AUDITOR)
    sent = {"step": "close", "seen": "3", "text": "Seen."}
    assert 'value="close"' in text(lead.get(there(walk, "1/")))
    assert lead.post(there(walk, "1/step/"), sent).status_code == 302
    assert "closed" in text(lead.get(there(walk, "?standing=closed")))


@pytest.mark.parametrize("sent", [{"step": "dance"}, {}])
def test_a_step_that_is_none_is_not_there(walk: Walk, sent: dict[str, str]) -> None:
    walk.raised()
    assert browser(walk, Role.AUDITOR).post(there(walk, "1/step/"), sent).status_code == 404
    assert browser(walk, Role.AUDITOR).get(there(walk, "9/")).status_code == 404
    outside = browser(walk, Role.OBSERVER)
    assert outside.post(there(walk, "9/step/"), {"step": "plan"}).status_code == 422
    stranger = Client()
    stranger.force_login(walk.cast[None])
    assert stranger.post(there(walk, "9/step/"), {"step": "plan"}).status_code == 404
    assert stranger.post(there(walk, "raise/"), {}).status_code == 404


def test_lists_are_filtered_and_say_what_is_late(walk: Walk) -> None:
    rows = [walk.raised(), walk.raised(requirement="2.1.1.1")]
    walk.advance(State.DRAFT)
    walk.step(rows[0], NoteKind.PLAN)
    walk.step(rows[0], NoteKind.ESCALATE, DAY + 31 * ONE)
    lead, scheme = browser(walk, Role.LEAD_AUDITOR), browser(walk, Role.SECRETARIAT)
    late = "overdue since"

    page = text(lead.get(there(walk)))
    assert page.count(late) == 1
    assert "raised as minor" in page
    assert "No. 2<" not in text(lead.get(there(walk, "?standing=overdue")))
    assert "No. 1<" not in text(lead.get(there(walk, "?requirement=2.1.")))
    assert "No finding fits" in text(lead.get(there(walk, "?standing=retest")))
    assert "No. 1<" in text(lead.get(there(walk, "?grade=major&standing=escalated")))

    desk = text(scheme.get("/findings/"))
    assert late in desk
    assert there(walk, "1/") in desk
    table = scheme.get("/findings/findings.csv?standing=overdue")
    (line,) = csv.DictReader(io.StringIO(b"".join(table).decode()))
    assert (line["number"], line["grade"], line["grade_now"]) == ("1", "minor", "major")
    assert line["overdue_since"] == (DAY + 31 * ONE).isoformat()
    assert "Overdue findings</dt><dd><a" in text(scheme.get("/engagements/overview/"))
    own = lead.get(there(walk, "findings.csv"))
    assert len(list(csv.DictReader(io.StringIO(b"".join(own).decode())))) == 2
    assert "1 overdue" in text(lead.get(f"/engagements/{walk.engagement.pk}/"))


def test_a_program_raises_and_steps_once_for_each_key(walk: Walk) -> None:
    auditor = browser(walk, Role.AUDITOR)
    body = {"requirement": REQUIREMENT, "grade": "major", "text": "Gaps."}

    answers = [
        auditor.post(
            api(walk),
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": "k-1"},
        )
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert FindingRecord.objects.count() == 1
    assert answers[0].headers["Location"] == api(walk, "/1")
    made = answers[0].json()
    assert (made["number"], made["state"], made["possible"]) == (1, "open", [])
    walk.advance(State.DRAFT)
    site = browser(walk, Role.SITE_USER)
    plan = {
        "kind": "plan",
        "seen": 0,
        "root_cause": "Two registers.",
        "action": "One.",
        "owner": "Manager",
        "due": "2030-01-01",
    }
    stepped = site.post(api(walk, "/1/steps"), json.dumps(plan), content_type="application/json")
    assert stepped.status_code == 201
    (step,) = stepped.json()["steps"]
    assert (step["kind"], step["role"], step["due"]) == ("plan", "site_user", "2030-01-01")
    assert stepped.json()["possible"] == ["plan", "hand_in"]
    slow = site.post(api(walk, "/1/steps"), json.dumps(plan), content_type="application/json")
    assert slow.status_code == 409
    assert FindingStep.objects.count() == 1


def test_a_program_reads_findings_page_by_page(walk: Walk) -> None:
    for _ in range(3):
        walk.raised()
    lead = browser(walk, Role.LEAD_AUDITOR)

    first = lead.get(api(walk, "?limit=2")).json()
    second = lead.get(api(walk, f"?limit=2&cursor={first['next']}")).json()

    assert [one["number"] for one in first["items"] + second["items"]] == [1, 2, 3]
    assert second["next"] is None
    assert lead.get(api(walk, "?standing=closed")).json()["items"] == []
    assert Client().get(api(walk)).status_code == 401


def test_the_site_sees_no_finding_of_an_audit_that_goes_on(walk: Walk) -> None:
    walk.raised()
    site = browser(walk, Role.SITE_USER)

    assert "once its draft is handed over" in text(site.get(there(walk)))
    assert site.get(there(walk, "1/")).status_code == 404
    assert site.get(api(walk)).json()["items"] == []
    assert "findings/" not in text(site.get(f"/engagements/{walk.engagement.pk}/"))

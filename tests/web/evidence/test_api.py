"""Evidence for programs."""

import hashlib
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stannary.core.cycle import Role, State
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from web.conftest import signed_in
from web.cycle.conftest import put_in
from web.evidence.conftest import Cast, Handing
from web.evidence.test_rights import BEFORE

pytestmark = pytest.mark.django_db

SENT = {
    "title": "Water report",
    "covers_from": "2025",
    "requirements": "1.1.1.1 1.1.1.2",
    "visibility": "confidential",
}


@pytest.fixture
def there(engagement: Engagement) -> str:
    return f"/api/v1/engagements/{engagement.pk}/evidence"


@pytest.fixture
def ours(cast: Cast) -> Client:
    return signed_in(cast[Role.SITE_USER])


def with_file(content: bytes = b"Water was clear.", **more: str) -> dict[str, object]:
    return {**SENT, **more, "file": SimpleUploadedFile("water.txt", content)}


def test_a_file_is_handed_in_and_given_back(ours: Client, there: str) -> None:
    answer = ours.post(there, with_file())

    made = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{there}/{made['id']}"
    assert ours.get(answer["Location"]).json() == made
    newest = made["newest"]
    assert made["versions"] == [newest]
    assert (newest["title"], newest["requirements"]) == ("Water report", ["1.1.1.1", "1.1.1.2"])
    given = ours.get(newest["file"])
    content = b"".join(given.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    assert hashlib.sha256(content).hexdigest() == newest["sha256"]
    assert ours.get(there).json()["items"] == [made]


def test_the_same_request_with_its_key_is_done_once(ours: Client, there: str) -> None:
    key = {"Idempotency-Key": "k-1"}

    first = ours.post(there, with_file(), headers=key)
    second = ours.post(there, with_file(), headers=key)
    other = ours.post(there, with_file(b"another file"), headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert EvidenceVersion.objects.count() == 1
    assert other.json()["code"] == "API-003"


def test_a_link_is_handed_in_without_a_file(ours: Client, there: str) -> None:
    made = ours.post(there, {**SENT, "link": "https://example.org/permit"}).json()

    assert (made["newest"]["kind"], made["newest"]["file"]) == ("link", None)
    refused = ours.post(there, {**SENT, "link": "javascript:alert(1)"})
    assert (refused.status_code, refused.json()["code"]) == (422, "EVIDENCE-010")
    missing = ours.get(f"{there}/{made['id']}/versions/{made['newest']['id']}/file")
    assert missing.status_code == 404


def test_a_version_and_a_twin_follow_and_a_slower_one_is_a_conflict(
    ours: Client, there: str, handed: Handing
) -> None:
    row = handed()
    at = f"{there}/{row.item}"

    made = ours.post(f"{at}/versions", with_file(b"second", previous=str(row.pk)))
    slower = ours.post(f"{at}/versions", with_file(b"third", previous=str(row.pk)))
    sent = with_file(b"[redacted]", covers_from="2025", visibility="public")
    twin = ours.post(f"{at}/twin", sent)

    assert made.status_code == 201
    assert [one["previous"] for one in made.json()["versions"]] == [None, str(row.pk)]
    assert (slower.status_code, slower.json()["code"]) == (409, "EVIDENCE-009")
    assert twin.status_code == 201, twin.json()
    assert (twin.json()["is_twin"], twin.json()["twin_of"]) == (True, str(row.item))
    assert ours.get(at).json()["twins"] == [twin.json()["id"]]


def test_a_list_is_filtered_and_paged(ours: Client, there: str, handed: Handing) -> None:
    one = handed(requirements=("1.1.1.1",))
    two = handed(requirements=("1.1.1.2",), visibility="public", content=b"two")

    def ids(query: str) -> list[str]:
        return [item["id"] for item in ours.get(f"{there}?{query}").json()["items"]]

    assert set(ids("")) == {str(one.item), str(two.item)}
    assert ids("requirement=1.1.1.2") == ids("visibility=public") == [str(two.item)]
    first = ours.get(f"{there}?limit=1").json()
    second = ours.get(f"{there}?limit=1&cursor={first['next']}").json()
    assert [item["id"] for page in (first, second) for item in page["items"]] == ids("")
    assert second["next"] is None


def test_who_has_no_role_is_told_nothing_and_who_has_no_account_to_sign_in(
    there: str, cast: Cast, client: Client, handed: Handing
) -> None:
    row = handed()
    outsider = signed_in(cast[None])
    for address in (
        there,
        f"{there}/{row.item}",
        f"{there}/{row.item}/versions/{row.pk}/file",
        f"/api/v1/engagements/{uuid.uuid4()}/evidence",
    ):
        assert client.get(address).status_code == 404
        assert outsider.get(address).status_code == 404
    for address in (there, f"{there}/{row.item}/twin", f"{there}/{row.item}/versions"):
        assert client.post(address, with_file()).status_code == 401
        sent = with_file(previous=str(row.pk))
        assert outsider.post(address, sent).status_code == 404


def test_what_was_published_needs_no_account(
    there: str, engagement: Engagement, cast: Cast, handed: Handing, client: Client
) -> None:
    row = handed(visibility="public", at=BEFORE)
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])

    listed = client.get(there).json()["items"]

    assert [item["id"] for item in listed] == [str(row.item)]
    given = client.get(listed[0]["newest"]["file"])
    assert b"".join(given.streaming_content) == b"Water was clear."  # type: ignore[attr-defined]  # a file is streamed


def test_a_form_of_another_form_is_refused(ours: Client, there: str) -> None:
    assert ours.post(there, {**SENT, "visibility": "friends"}).json()["code"] == "API-005"
    assert ours.post(there, b"{}", content_type="application/json").status_code == 422

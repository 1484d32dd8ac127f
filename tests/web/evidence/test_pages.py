"""Evidence over HTTP: handing in, what is refused, what is given out, and to whom."""

import hashlib
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from formats.test_evidence_files import docx, huge, photo
from stannary.core.cycle import Role, State
from stannary.core.evidence import MAX_BYTES
from stannary.formats import evidence_files
from stannary.web.cycle.models import Engagement
from stannary.web.evidence import files, forms, words
from stannary.web.evidence.models import EvidenceVersion
from web.conftest import signed_in
from web.cycle.conftest import put_in
from web.evidence.conftest import Cast, Handing
from web.evidence.test_rights import BEFORE

pytestmark = pytest.mark.django_db

SENT = {
    "title": "Water report",
    "covers_from": "2025-01",
    "covers_until": "2025-12",
    "requirements": "1.1.1.1, 1.1.1.2\n",
    "visibility": "confidential",
    "link": "",
}


@pytest.fixture
def there(engagement: Engagement) -> str:
    return f"/engagements/{engagement.pk}/evidence/"


@pytest.fixture
def ours(cast: Cast) -> Client:
    """Give the browser of the site user."""
    return signed_in(cast[Role.SITE_USER])


def upload(content: bytes, name: str = "water.txt") -> dict[str, object]:
    return {**SENT, "file": SimpleUploadedFile(name, content)}


def test_a_file_is_handed_in_shown_and_given_back_as_its_digest_says(
    ours: Client, there: str
) -> None:
    assert ours.get(f"{there}new/?requirement=1.1.1.2").status_code == 200
    answer = ours.post(f"{there}new/", upload(photo(), "pit.jpg"), follow=True)

    row = EvidenceVersion.objects.get()
    text = answer.content.decode()
    assert answer.redirect_chain == [(f"{there}{row.item}/", 302)]
    assert row.requirements == ["1.1.1.1", "1.1.1.2"]
    assert row.sha256 in text
    assert row.sha256_as_given in text
    assert "camera and time, place, comments" in text
    assert "not scanned" in text
    given = ours.get(f"{there}{row.item}/{row.pk}/file")
    content = b"".join(given.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert given["Content-Disposition"] == 'attachment; filename="water-report.jpg"'
    assert given["Content-Type"] == "image/jpeg"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert given["Cache-Control"] == "private, no-cache"
    assert given["Repr-Digest"].startswith("sha-256=:")


def test_text_is_given_out_as_text_in_utf_8(ours: Client, there: str, handed: Handing) -> None:
    row = handed(title="水")

    given = ours.get(f"{there}{row.item}/{row.pk}/file")

    assert given["Content-Type"] == "text/plain; charset=utf-8"
    assert given["Content-Disposition"] == f'attachment; filename="{row.pk}.txt"'


def test_a_link_is_shown_with_its_address_and_has_no_file(ours: Client, there: str) -> None:
    sent = {**SENT, "link": "https://example.org/permit?a=1&b=2"}
    page = ours.post(f"{there}new/", sent, follow=True).content.decode()

    row = EvidenceVersion.objects.get()
    assert 'href="https://example.org/permit?a=1&amp;b=2"' in page
    assert ours.get(f"{there}{row.item}/{row.pk}/file").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<html><script>alert(1)</script>", "report.pdf", "EVIDENCE-002"),
        (b"<html><script>alert(1)</script>", "report.html", "EVIDENCE-001"),
        (huge(60_000, 60_000), "pit.png", "EVIDENCE-003"),
        (docx(**{"word/media/a.bin": b"\0" * 200_000}), "report.docx", "EVIDENCE-003"),
        (docx(**{"word/vbaProject.bin": b"macro"}), "report.docx", "EVIDENCE-004"),
        (b"", "water.txt", "EVIDENCE-003"),
    ],
)
def test_bombs_and_disguises_are_refused_in_words_and_nothing_is_kept(
    content: bytes,
    name: str,
    code: str,
    ours: Client,
    there: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_files, "MAX_UNPACKED_BYTES", 100_000)

    answer = ours.post(f"{there}new/", upload(content, name))

    assert answer.status_code == 422
    assert [one["code"] for one in answer.context["findings"]] == [code]
    assert "Water report" in answer.content.decode()
    assert list(files.kept()) == []
    assert not EvidenceVersion.objects.exists()


@pytest.mark.parametrize(("more", "status"), [(0, 302), (1, 422), (5_000_000, 422)])
def test_a_file_may_be_as_large_as_is_kept_and_no_larger(
    more: int, status: int, ours: Client, there: str
) -> None:
    answer = ours.post(f"{there}new/", upload(b"a" * (MAX_BYTES + more)))

    assert answer.status_code == status
    assert EvidenceVersion.objects.count() == (status == 302)


def test_no_more_of_a_file_is_taken_in_than_may_be_kept(
    ours: Client, there: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MAX = 100_000
    sizes: list[int] = []

    def content(file: "UploadedFile[bytes]") -> bytes:
        sizes.append(file.size or 0)
        return b"a" * (MAX_BYTES + 1)

    monkeypatch.setattr(forms, "content", content)

    ours.post(f"{there}new/", upload(b"a" * 3_000_000))

    assert len(sizes) == 1
    assert 100_000 < sizes[0] < 100_000 + 2 * 65_536


def test_a_form_that_is_refused_keeps_what_was_typed(ours: Client, there: str) -> None:
    sent = {**SENT, "title": "<b>", "covers_from": "soon", "visibility": "public"}
    answer = ours.post(f"{there}new/", sent)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;"' in text
    assert 'value="soon"' in text
    assert '<option value="public" selected>' in text
    assert {one["code"] for one in answer.context["findings"]} == {"KERNEL-002", "EVIDENCE-010"}


def test_a_revision_over_http_and_the_conflict_of_who_was_slower(
    ours: Client, there: str, handed: Handing
) -> None:
    first = handed()
    address = f"{there}{first.item}/revise/"
    page = ours.get(address).content.decode()
    assert f'name="seen" value="{first.pk}"' in page

    sent = {**upload(b"second"), "seen": str(first.pk)}
    assert ours.post(address, sent).status_code == 302
    slower = ours.post(address, {**upload(b"third"), "seen": str(first.pk)})

    assert slower.status_code == 409
    assert slower.context["findings"][0]["facts"]["by"] == "site-user"
    assert f'name="seen" value="{first.pk}"' in slower.content.decode()
    assert ours.post(address, {**upload(b"x"), "seen": "nonsense"}).status_code == 404
    shown = ours.get(f"{there}{first.item}/").content.decode()
    assert shown.count('class="mono small"') == 2


def test_a_twin_is_handed_in_and_linked_both_ways(
    ours: Client, there: str, handed: Handing, cast: Cast
) -> None:
    original = handed()
    address = f"{there}{original.item}/twin/"
    assert ours.get(address).status_code == 200
    ours.post(address, {**upload(b"[redacted]"), "visibility": "public"})

    twin = EvidenceVersion.objects.get(twin_of=original.item)
    assert f"{there}{twin.item}/" in ours.get(f"{there}{original.item}/").content.decode()
    assert f"{there}{original.item}/" in ours.get(f"{there}{twin.item}/").content.decode()
    listed = ours.get(there).content.decode()
    assert "has a redacted twin" in listed
    auditor = signed_in(cast[Role.AUDITOR]).get(f"{there}{original.item}/").content.decode()
    assert "/revise/" not in auditor


def test_the_public_sees_what_was_published_and_nothing_of_what_was_not(
    there: str, handed: Handing, engagement: Engagement, cast: Cast, client: Client
) -> None:
    public = handed(visibility="public", title="Permit", at=BEFORE)
    closed = handed(title="Payroll", content=b"closed", at=BEFORE)
    for address in (there, f"{there}{public.item}/", f"{there}{public.item}/{public.pk}/file"):
        assert client.get(address)["Location"].startswith("/sign-in/")
        assert signed_in(cast[None]).get(address).status_code == 404

    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])

    page = client.get(there).content.decode()
    assert "Permit" in page
    assert "Payroll" not in page
    assert "site-user" not in page
    assert client.get(f"{there}{public.item}/").status_code == 200
    given = client.get(f"{there}{public.item}/{public.pk}/file")
    assert b"".join(given.streaming_content) == b"Water was clear."  # type: ignore[attr-defined]  # a file is streamed
    for address in (f"{there}{closed.item}/", f"{there}{closed.item}/{closed.pk}/file"):
        assert client.get(address).status_code == 302
        assert signed_in(cast[Role.SECRETARIAT]).get(address).status_code == 404


def test_a_file_that_is_damaged_is_not_given_out(ours: Client, there: str, handed: Handing) -> None:
    row = handed()
    files.path_of(row.sha256).write_bytes(b"changed")

    assert ours.get(f"{there}{row.item}/{row.pk}/file").status_code == 422


def test_a_list_is_filtered_and_sorted_by_requirement(
    ours: Client, there: str, handed: Handing
) -> None:
    handed(title="One", requirements=("1.1.1.1",))
    handed(title="Two", requirements=("1.1.1.2", "1.1.1.1"), visibility="public", content=b"two")

    def titles(query: str) -> set[str]:
        text = ours.get(f"{there}?{query}").content.decode()
        return {name for name in ("One", "Two") if f">{name}</a>" in text}

    assert titles("") == {"One", "Two"}
    assert titles("visibility=public") == {"Two"}
    assert titles("requirement=1.1.1.2") == {"Two"}
    assert titles("requirement=1.1") == {"One", "Two"}
    assert titles("requirement=1.1.1.2&by=requirement") == {"Two"}
    assert titles("requirement=1.1.1") == {"One", "Two"}
    assert titles("requirement=9") == set()
    by = ours.get(f"{there}?by=requirement").context["page"].object_list
    assert [(one["id"], len(one["items"])) for one in by] == [("1.1.1.1", 2), ("1.1.1.2", 1)]


def test_an_empty_list_says_so_to_members_and_to_everybody(
    there: str, ours: Client, engagement: Engagement, cast: Cast, client: Client
) -> None:
    assert "Nothing that is open to you" in ours.get(there).content.decode()

    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])

    assert "is public" in client.get(there).content.decode()


@pytest.mark.parametrize("address", ["", "?by=requirement", "api"])
def test_a_list_of_500_items_takes_as_many_queries_as_one_of_5(
    address: str, ours: Client, there: str, handed: Handing
) -> None:
    url = f"/api/v1{there.rstrip('/')}?limit=1000" if address == "api" else there + address
    first = handed()
    counts = []
    for more in (4, 495):
        EvidenceVersion.objects.bulk_create(again(first) for _ in range(more))
        ours.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert ours.get(url).status_code == 200
        counts.append(len(asked))

    assert EvidenceVersion.objects.count() == 500
    assert counts[0] == counts[1] <= 12


def again(row: EvidenceVersion) -> EvidenceVersion:
    """Give an item like another one."""
    columns = {one.attname: getattr(row, one.attname) for one in EvidenceVersion._meta.fields}
    return EvidenceVersion(**{**columns, "id": uuid.uuid4(), "item": uuid.uuid4()})


def test_words_say_sizes_and_periods() -> None:
    assert [words.size(n) for n in (1, 999, 1_000, 1_001, 999_999, 1_000_000, 50_000_000)] == [
        "1 byte",
        "999 bytes",
        "1\N{NO-BREAK SPACE}kB",
        "2\N{NO-BREAK SPACE}kB",
        "1000\N{NO-BREAK SPACE}kB",
        "1.0\N{NO-BREAK SPACE}MB",
        "50.0\N{NO-BREAK SPACE}MB",
    ]
    assert words.period("2025", "2025") == "2025"
    assert words.period("2025", "2026") == "2025 to 2026"
    assert words.ending("application/x-unknown") == "bin"

"""Handing in: everything is looked at first, everything wrong is said at once, nothing half-kept."""

import datetime
import threading
import uuid
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from formats.test_evidence_files import photo
from stannary.core.cycle import Role, State
from stannary.core.kernel import RefusalError
from stannary.formats.canonical import sha256_hex
from stannary.web.cycle.models import Engagement, Member
from stannary.web.evidence import files, operations, queries
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given, hand_in, hand_in_twin, offer, revise
from stannary.web.parties.models import Person
from web.cycle.conftest import put_in
from web.evidence.conftest import AT, Cast, Handing, given, given_link

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[RefusalError]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def test_a_file_is_kept_under_its_digest_and_described(
    water: EvidenceVersion, site_user: Person, folder: Path
) -> None:
    water.refresh_from_db()
    digest = sha256_hex(b"Water was clear.")

    assert (water.kind, water.sha256, water.sha256_as_given) == ("file", digest, digest)
    assert (water.size, water.media_type, water.link) == (16, "text/plain", "")
    assert (water.covers_from, water.covers_until) == ("2025-01", "2025-12")
    assert (water.requirements, water.visibility, water.side) == (
        ["1.1.1.1"],
        "confidential",
        "site",
    )
    assert (water.handed_in_by, water.at, water.previous, water.twin_of) == (
        site_user,
        AT,
        None,
        None,
    )
    assert (water.removed, water.scanned_by) == ([], "")
    assert (folder / digest[:2] / digest).read_bytes() == b"Water was clear."
    assert str(water) == "Water report"


def test_a_link_is_kept_with_the_digest_of_its_address(
    engagement: Engagement, site_user: Person
) -> None:
    row = hand_in(actor=site_user, engagement_id=engagement.pk, given=given_link())

    assert (row.kind, row.link, row.size) == ("link", "https://example.org/permit", 0)
    assert row.sha256 == sha256_hex(b"https://example.org/permit")


def test_a_period_of_one_date_ends_as_it_begins(handed: Handing) -> None:
    assert handed(covers_from="2025", covers_until=" ").covers_until == "2025"


def test_texts_are_kept_without_what_no_database_takes(handed: Handing) -> None:
    row = handed(title=" Water\x00 \n report ", requirements=(" 1.1.1.1 ", ""))

    assert (row.title, row.requirements) == ("Water report", ["1.1.1.1"])


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    engagement: Engagement, site_user: Person, folder: Path
) -> None:
    wrong = given(
        title="",
        covers_from="last year",
        covers_until="soon",
        requirements=("9.9.9.9",),
        visibility="friends",
        content=b"<html>",
        name="a.pdf",
    )

    with pytest.raises(RefusalError) as refusal:
        hand_in(actor=site_user, engagement_id=engagement.pk, given=wrong)

    assert codes(refusal) == [
        "EVIDENCE-002",
        "EVIDENCE-006",
        "EVIDENCE-007",
        "EVIDENCE-011",
        "KERNEL-002",
        "KERNEL-002",
    ]
    assert not EvidenceVersion.objects.exists()
    assert not folder.exists()


@pytest.mark.parametrize(
    "both", [given(link="https://example.org/"), given(content=None), given_link("ftp://a")]
)
def test_evidence_is_either_a_file_or_a_link(
    both: Given, engagement: Engagement, site_user: Person
) -> None:
    with pytest.raises(RefusalError) as refusal:
        hand_in(actor=site_user, engagement_id=engagement.pk, given=both)

    assert codes(refusal) == ["EVIDENCE-010"]


def test_what_was_looked_at_already_is_not_looked_at_again(
    engagement: Engagement, site_user: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = offer(actor=site_user, engagement_id=engagement.pk, given=given())
    monkeypatch.delattr(operations, "clean_file")

    assert hand_in(actor=site_user, engagement_id=engagement.pk, given=looked).size == 16


def test_a_photo_says_what_was_cleaned_out_of_it(handed: Handing) -> None:
    row = handed(content=photo(), name="pit.jpg")

    assert row.removed == ["camera and time", "place", "comments"]
    assert row.sha256 != row.sha256_as_given == sha256_hex(photo())
    assert row.media_type == "image/jpeg"
    with files.opened(row.sha256) as kept:
        assert b"Secret" not in kept.read()


def test_the_same_content_is_kept_once(handed: Handing, folder: Path) -> None:
    first, second = handed(), handed(title="The same again")

    assert first.sha256 == second.sha256
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 1


def test_a_revision_follows_and_the_version_before_it_stays(
    water: EvidenceVersion, engagement: Engagement, site_user: Person
) -> None:
    second = revise(
        actor=site_user,
        engagement_id=engagement.pk,
        item_id=water.item,
        previous=water.pk,
        given=given(content=b"Water was very clear.", title="Water report, corrected"),
    )

    assert (second.item, second.previous) == (water.item, water)
    found = queries.evidence(actor=site_user, engagement_id=engagement.pk).item(water.item)
    assert found.versions == (water, second)
    assert found.is_whole


def test_the_same_content_is_no_revision(
    water: EvidenceVersion, engagement: Engagement, site_user: Person
) -> None:
    with pytest.raises(RefusalError) as refusal:
        revise(
            actor=site_user,
            engagement_id=engagement.pk,
            item_id=water.item,
            previous=water.pk,
            given=given(title="New title"),
        )

    assert codes(refusal) == ["EVIDENCE-009"]


def test_who_revises_what_is_not_the_newest_learns_who_was_faster(
    water: EvidenceVersion, engagement: Engagement, site_user: Person
) -> None:
    def again(content: bytes) -> EvidenceVersion:
        return revise(
            actor=site_user,
            engagement_id=engagement.pk,
            item_id=water.item,
            previous=water.pk,
            given=given(content=content, title="Mine"),
            at=AT + datetime.timedelta(hours=1),
        )

    second = again(b"second")

    with pytest.raises(RefusalError) as refusal:
        again(b"third")
    facts = refusal.value.findings[0].facts
    assert codes(refusal) == ["EVIDENCE-009"]
    assert facts == {
        "previous": str(water.pk),
        "newest": str(second.pk),
        "by": "site-user",
        "at": "2026-01-06 10:00 UTC",
        "title": "Mine",
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_revise_at_once_one_wins_and_the_other_sees_a_conflict(
    water: EvidenceVersion, engagement: Engagement, site_user: Person
) -> None:
    together = threading.Barrier(2)
    ended: list[str] = []

    def one(content: bytes) -> None:
        try:
            looked = offer(
                actor=site_user, engagement_id=engagement.pk, given=given(content=content)
            )
            together.wait(timeout=20)
            revise(
                actor=site_user,
                engagement_id=engagement.pk,
                item_id=water.item,
                previous=water.pk,
                given=looked,
            )
            ended.append("kept")
        except RefusalError as refusal:
            ended.append(refusal.rule.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(text,)) for text in (b"this", b"that")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["EVIDENCE-009", "kept"]
    assert EvidenceVersion.objects.filter(item=water.item).count() == 2


def test_a_redacted_twin_belongs_to_its_original_in_all_versions(
    water: EvidenceVersion, engagement: Engagement, site_user: Person
) -> None:
    ours = {"actor": site_user, "engagement_id": engagement.pk}
    twin = hand_in_twin(
        **ours,  # type: ignore[arg-type]  # who and where
        original_id=water.item,
        given=given(content=b"Water was [redacted].", visibility="public"),
    )
    later = revise(
        **ours,  # type: ignore[arg-type]  # who and where
        item_id=twin.item,
        previous=twin.pk,
        given=given(content=b"[redacted]", visibility="public"),
    )

    assert (twin.twin_of, later.twin_of) == (water.item, water.item)
    shown = queries.evidence(**ours)  # type: ignore[arg-type]  # who and where
    assert shown.item(water.item).twins == (twin.item,)
    assert shown.item(twin.item).original == water.item


def test_a_twin_of_what_is_public_is_refused(
    handed: Handing, engagement: Engagement, site_user: Person
) -> None:
    original = handed(visibility="public")

    with pytest.raises(RefusalError) as refusal:
        hand_in_twin(
            actor=site_user,
            engagement_id=engagement.pk,
            original_id=original.item,
            given=given(content=b"other"),
        )

    assert codes(refusal) == ["EVIDENCE-008"]


def test_nobody_revises_what_the_other_side_handed_in(
    water: EvidenceVersion, handed: Handing, engagement: Engagement, cast: Cast
) -> None:
    put_in(engagement, State.STAGE_1, by=cast[Role.SITE_USER])
    notes = handed(Role.AUDITOR, content=b"Seen on site.")

    assert notes.side == "team"
    for actor, theirs in ((cast[Role.AUDITOR], water), (cast[Role.SITE_USER], notes)):
        with pytest.raises(RefusalError) as refusal:
            revise(
                actor=actor,
                engagement_id=engagement.pk,
                item_id=theirs.item,
                previous=theirs.pk,
                given=given(content=b"other"),
            )
        assert codes(refusal) == ["ENGAGEMENT-002"]


def test_what_somebody_cannot_read_they_cannot_revise(
    handed: Handing, engagement: Engagement, cast: Cast, operator: object
) -> None:
    hidden = handed(visibility="auditor_only")
    other = Person.objects.create_user("other-site-user")
    Member.objects.create(
        engagement=engagement,
        person=other,
        role="site_user",
        added_by=cast[Role.SITE_USER],
        added_at=AT,
    )

    with pytest.raises(RefusalError) as refusal:
        revise(
            actor=other,
            engagement_id=engagement.pk,
            item_id=hidden.item,
            previous=hidden.pk,
            given=given(content=b"other"),
        )

    assert codes(refusal) == ["PARTY-001"]


def test_a_file_without_its_row_is_an_orphan_and_a_row_without_its_file_is_impossible(
    engagement: Engagement, site_user: Person, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    class DiskFullError(Exception):
        """No room on the disk."""

    def full(*_: object) -> None:
        raise DiskFullError

    monkeypatch.setattr(files, "keep", full)
    with pytest.raises(DiskFullError):
        hand_in(actor=site_user, engagement_id=engagement.pk, given=given())

    assert not EvidenceVersion.objects.exists()


def test_the_database_refuses_to_change_a_version(water: EvidenceVersion) -> None:
    with pytest.raises(DatabaseError, match="evidence is never changed"), transaction.atomic():
        EvidenceVersion.objects.filter(pk=water.pk).update(title="Other")


def test_the_database_refuses_a_second_follower_and_a_second_beginning(
    water: EvidenceVersion,
) -> None:
    def again(**different: object) -> None:
        row = EvidenceVersion.objects.get(pk=water.pk)
        row.pk = None
        for name, value in different.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    again(id=uuid.uuid4(), previous=water)
    for different in ({"previous": water}, {"previous": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            again(id=uuid.uuid4(), **different)


@pytest.mark.parametrize(
    "different",
    [{"visibility": "friends"}, {"kind": "rumour"}, {"size": 0}, {"link": "https://example.org"}],
)
def test_the_database_refuses_what_no_check_has_seen(
    water: EvidenceVersion, different: dict[str, object]
) -> None:
    row = EvidenceVersion.objects.get(pk=water.pk)
    row.pk, row.item = uuid.uuid4(), uuid.uuid4()
    for name, value in different.items():
        setattr(row, name, value)

    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)

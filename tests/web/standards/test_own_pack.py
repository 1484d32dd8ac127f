"""An edition that a user brings along is opened, rated and published like a shipped one."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from stannary.core.publications import check_result
from stannary.core.standards import Edition
from stannary.formats.canonical import pack_sha256
from stannary.formats.pack_writer import write_pack
from stannary.formats.packs import find_shipped_pack, shipped_packs
from stannary.web.assessments.operations import Change, open_assessment, rate_all
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.operations import publish
from stannary.web.standards import queries
from stannary.web.standards.models import EditionRecord
from stannary.web.standards.operations import load_packs

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 1, 4, 9, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 2, 2)


@pytest.fixture
def folder(open_mining: Edition, tmp_path: Path) -> Path:
    """Write the official text that somebody owns as a pack."""
    own = replace(open_mining, publisher="example", standard="owned", translations={})
    write_pack(own, tmp_path / "pack")
    return tmp_path / "pack"


def test_an_edition_of_ones_own_is_published_under_the_hash_of_its_pack(
    folder: Path, auditor: Person, firm: Organisation, mine: Site
) -> None:
    load_packs(folders=[folder])
    edition = queries.edition("example/owned/0.1")
    those = open_assessment(
        actor=auditor, site=mine, edition_id=edition.id, firm=firm, opened_at=AT
    )
    changes = [
        Change(one.id, "substantially", "Seen in the files.", "", None)
        for one in edition.requirements
    ]
    rate_all(actor=auditor, assessment_id=those.pk, changes=changes, at=AT)

    row = publish(actor=auditor, assessment_id=those.pk, published_on=DAY)

    content = json.loads(row.content)
    assert content["standard"] == "example/owned/0.1"
    assert those.pack_sha256 == content["pack_sha256"] == pack_sha256(folder)
    assert check_result(content, edition, pack_sha256=pack_sha256(folder)) == ()


def test_the_hash_follows_the_files_even_where_the_edition_says_the_same(folder: Path) -> None:
    load_packs(folders=[folder])
    before = queries.pack_sha256_of("example/owned/0.1")
    text = folder / "standard.toml"
    text.write_text(text.read_text() + "# a remark\n")

    again = load_packs(folders=[folder])

    assert again.unchanged == ("example/owned/0.1",)
    assert queries.pack_sha256_of("example/owned/0.1") == pack_sha256(folder) != before


def test_what_was_stored_before_hashes_were_kept_has_that_of_the_shipped_pack() -> None:
    load_packs(folders=shipped_packs()[:1])
    row = EditionRecord.objects.get()
    EditionRecord.objects.update(pack_sha256="")

    found = queries.pack_sha256_of(row.edition_id)

    assert found == row.pack_sha256 == pack_sha256(find_shipped_pack(row.edition_id))

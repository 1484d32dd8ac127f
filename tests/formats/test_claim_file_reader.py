"""Files to check, taken apart: told by their content, refused with the place of what is wrong."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from formats import claim_files as case
from stannary.core.kernel import RefusalError
from stannary.core.verification import Kind, standards_named
from stannary.formats.claim_file import parse_checkable, read_checkable
from stannary.formats.claim_file_reader import FILE_MAX_BYTES

FILE: dict[str, Any] = json.loads(case.claim_file())
RESULT: dict[str, Any] = json.loads(case.result_file())
TOKEN = str(FILE["credential"]["id"]).partition(",")[2]


def read(content: object) -> Any:
    text = content if isinstance(content, str) else json.dumps(content)
    return parse_checkable(text.encode("utf-8"), "x.json")


def refused(content: object) -> str:
    with pytest.raises(RefusalError) as refusal:
        read(content)
    return refusal.value.findings[0].message


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FILE, Kind.CLAIM_FILE),
        (RESULT, Kind.RESULT_FILE),
        (FILE["credential"], Kind.CREDENTIAL),
        ({**FILE["credential"], "type": ["EnvelopedVerifiableCredential"]}, Kind.CREDENTIAL),
        (TOKEN, Kind.CREDENTIAL),
        (f"\n  {TOKEN}\n", Kind.CREDENTIAL),
        (FILE["credential"]["id"], Kind.CREDENTIAL),
        (f"data:application/vc-ld+jwt,{TOKEN}", Kind.CREDENTIAL),
        ({"type": "VerifiableCredential", "share": 0.5}, Kind.PLAIN_CREDENTIAL),
        ({"type": ["VerifiableCredential", "X"]}, Kind.PLAIN_CREDENTIAL),
        (FILE["proof"], Kind.LOG_PROOF),
    ],
)
def test_a_file_is_told_by_its_content(content: object, kind: Kind) -> None:
    assert read(content).kind is kind


def test_every_part_of_a_claim_file_is_there() -> None:
    found = read(FILE)

    assert found.token == TOKEN
    assert found.proof == FILE["proof"]
    assert found.log_vkey == case.LOG.vkey
    assert found.issuer_document == case.DOCUMENT
    assert len(found.movements.rows) == 7
    assert found.achievements.items == tuple(case.achievements().values())
    assert [one.content["id"] for one in found.results] == ["north-2026", "south-2026"]


def test_the_standards_that_a_check_needs_are_named() -> None:
    assert standards_named(read(FILE)) == (case.CUSTODY, case.STANDARD)
    assert standards_named(read(RESULT)) == (case.STANDARD,)
    assert standards_named(read(TOKEN)) == (case.CUSTODY, case.STANDARD)
    assert standards_named(read(FILE["proof"])) == ()


def test_a_path_and_a_stream_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.claim.json"
    path.write_text(case.claim_file(), encoding="utf-8")

    assert read_checkable(path).name == str(path)
    assert read_checkable(str(path), "shown").name == "shown"
    assert read_checkable(io.BytesIO(path.read_bytes())).name == "-"


@pytest.mark.parametrize("path", ["missing.json", "a\0b", "."])
def test_a_file_that_cannot_be_opened_is_refused(path: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_checkable(path)
    assert refusal.value.rule.code == "CREDENTIAL-001"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "CREDENTIAL-001"),
        ("hello", "CREDENTIAL-001"),
        ("a.b", "CREDENTIAL-001"),
        ("a.b.c d", "CREDENTIAL-001"),
        ("é.é.é", "CREDENTIAL-001"),
        ("[]", "CREDENTIAL-001"),
        ("{}", "CREDENTIAL-001"),
        (case.DOCUMENT, "CREDENTIAL-001"),
        ('{"type": "stannary/claim-file/4"}', "CREDENTIAL-001"),
        ('{"type": "stannary/claim-file/2"}', "CREDENTIAL-003"),
        ('{"type": {"a": []}}', "CREDENTIAL-001"),
        ("{", "CREDENTIAL-002"),
        ("\ufeff" + json.dumps(FILE), "CREDENTIAL-001"),
        ('{"type": "stannary/claim-file/1", "type": "x"}', "CREDENTIAL-002"),
        ({**FILE, "results": [{"share": 0.5}]}, "CREDENTIAL-002"),
        ({**FILE, "more": 1}, "CREDENTIAL-003"),
        ({"type": FILE["type"]}, "CREDENTIAL-003"),
        ({**FILE, "movements": ["x"]}, "CREDENTIAL-003"),
        ({**FILE, "proof": ""}, "CREDENTIAL-003"),
        ({**FILE, "log_vkey": None}, "CREDENTIAL-003"),
        ({**FILE, "achievements": {}}, "CREDENTIAL-003"),
        ({**FILE, "achievements": ["x"]}, "CREDENTIAL-003"),
        ({**FILE, "results": "x"}, "CREDENTIAL-003"),
        ({**FILE, "results": [{"big": 2**60}]}, "KERNEL-006"),
        ({**FILE, "issuer_document": []}, "CREDENTIAL-003"),
        ({**FILE, "credential": TOKEN}, "CREDENTIAL-007"),
        ({**RESULT, "result": []}, "CREDENTIAL-003"),
        ({**RESULT, "results": []}, "CREDENTIAL-003"),
        ({**FILE["credential"], "more": 1}, "CREDENTIAL-007"),
    ],
)
def test_another_form_is_refused(content: object, code: str) -> None:
    message = refused(content)

    assert f"{code}:" in message
    assert message.startswith("x.json")


def test_a_missing_part_is_refused_with_its_name() -> None:
    with pytest.raises(RefusalError) as refusal:
        read({key: value for key, value in FILE.items() if key != "proof"} | {"prof": "x"})

    assert [finding.message for finding in refusal.value.findings] == [
        (
            "x.json: CREDENTIAL-003: A claim file, result file or receipt holds every part of its form,"
            " and no other. Here: missing=proof. Ask whoever gave you the file for an unchanged copy."
        ),
        (
            "x.json: CREDENTIAL-003: A claim file, result file or receipt holds every part of its form,"
            " and no other. Here: unknown='prof'. Ask whoever gave you the file for an unchanged copy."
        ),
    ]


def test_a_part_of_another_kind_is_refused_with_its_place() -> None:
    assert refused({**FILE, "movements": 5}).startswith("x.json, column movements: CREDENTIAL-003")


@pytest.mark.parametrize(("more", "code"), [(0, "CREDENTIAL-002"), (1, "CREDENTIAL-001")])
def test_a_file_has_at_most_20_megabytes(more: int, code: str) -> None:
    content = b"{" + b" " * (FILE_MAX_BYTES - 1 + more)

    with pytest.raises(RefusalError) as refusal:
        read_checkable(io.BytesIO(content), "x.json")
    assert refusal.value.rule.code == code


def test_a_file_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(RefusalError, match="not UTF-8"):
        parse_checkable(b"\xff\xfe{", "x.json")


def test_movements_that_cannot_be_read_are_kept_with_their_line() -> None:
    text = str(FILE["movements"]).replace(",blend,", ",bland,", 1)

    found = read({**FILE, "movements": text}).movements

    assert found.rows == ()
    place = found.findings[0].at
    assert (place.file, place.line, place.column) == ("x.json, movements", 5, "kind")


@pytest.mark.parametrize(
    "text", ["PK\x03\x04", '{"epcisBody": {}}', "\ufeffevent,at\n", " event,at\n"]
)
def test_movements_are_csv_and_nothing_else(text: str) -> None:
    assert read({**FILE, "movements": text}).movements.findings[0].code == "CREDENTIAL-003"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": ""}, "CREDENTIAL-015"),
        ({"id": 5}, "CREDENTIAL-015"),
        ({"more": 5}, "CREDENTIAL-015"),
        ({"valid_from": "2026"}, "CREDENTIAL-015"),
        ({"valid_from": "2026-02-30"}, "CREDENTIAL-015"),
        ({"valid_from": "2026-W01-1"}, "CREDENTIAL-015"),
        ({"valid_until": "2020-01-01"}, "ATTESTATION-003"),
        ({"result_id": 5}, "CREDENTIAL-015"),
        ({"status_changes": [{"on": "2026-03-01", "status": "x", "reason": ""}]}, "CREDENTIAL-015"),
        (
            {"status_changes": [{"on": "2026-03-01", "status": "suspended"}]},
            "CREDENTIAL-015",
        ),
        (
            {"status_changes": [{"on": "2025-03-01", "status": "suspended", "reason": ""}]},
            "ATTESTATION-005",
        ),
    ],
)
def test_an_achievement_that_cannot_be_is_kept_with_its_finding(
    change: dict[str, object], code: str
) -> None:
    one = {**FILE["achievements"][0], **change}

    found = read({**FILE, "achievements": [one, FILE["achievements"][1]]}).achievements

    assert found.items == ()
    assert [finding.code for finding in found.findings] == [code]


def test_an_achievement_with_every_kind_of_change_comes_back() -> None:
    change = {"on": "2026-03-01", "status": "suspended", "reason": "a finding"}
    one = {
        **FILE["achievements"][0],
        "valid_until": None,
        "result_id": None,
        "status_changes": [change],
    }

    found = read({**FILE, "achievements": [one]}).achievements.items[0]

    assert (found.valid_until, found.result_id) == (None, None)
    assert str(found.status_changes[0].status) == "suspended"


def test_two_achievements_of_one_id_are_refused() -> None:
    one = FILE["achievements"][0]

    found = read({**FILE, "achievements": [one, one]}).achievements

    assert found.items == ()
    assert "north-2026 twice" in found.findings[0].message


def test_large_files_of_nonsense_are_refused_quickly() -> None:
    many = ",".join(f'"k{n}":0' for n in range(200_000))
    start = time.process_time()

    assert "twice" in refused(f'{{{many},"k199999":0}}')
    assert "CREDENTIAL-003" in refused({**FILE, "more": "x" * 2_000_000})
    read({**FILE, "achievements": [{}] * 50_000})
    assert time.process_time() - start < 10

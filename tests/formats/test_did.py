"""Whom a reader trusts: documents, log keys and names, each in its form."""

import json
from pathlib import Path

import pytest

from formats import claim_files as case
from stannary.core.kernel import RefusalError
from stannary.core.transparency_log import parse_vkey
from stannary.formats.did import TRUST_MAX_BYTES, read_trust


def written(folder: Path, content: object) -> str:
    path = folder / "trust"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return str(path)


def test_nobody_is_trusted_unless_named() -> None:
    trust = read_trust([])

    assert (trust.documents, trust.dids, trust.log_keys) == ((), (), ())
    assert not trust.names_issuers


def test_documents_keys_and_names_are_told_apart(tmp_path: Path) -> None:
    other = {**case.DOCUMENT, "id": "did:web:other.example"}
    document = written(tmp_path, [case.DOCUMENT, other])
    keys = tmp_path / "vkey"
    keys.write_text(f"# the log\n\n{case.LOG.vkey}\n", encoding="utf-8")

    trust = read_trust([document, "did:web:third.example", str(keys)])

    assert trust.document_of(case.DID) == case.DOCUMENT
    assert trust.document_of("did:web:other.example") == other
    assert trust.document_of("did:web:third.example") is None
    assert trust.dids == ("did:web:third.example",)
    assert trust.log_keys == (parse_vkey(case.LOG.vkey),)


def test_a_single_document_needs_no_list(tmp_path: Path) -> None:
    assert read_trust([written(tmp_path, case.DOCUMENT)]).documents == (case.DOCUMENT,)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "CREDENTIAL-001"),
        ("# nobody\n", "CREDENTIAL-001"),
        (b"\xff", "CREDENTIAL-001"),
        ("x" * (TRUST_MAX_BYTES + 1), "CREDENTIAL-001"),
        ("{", "CREDENTIAL-002"),
        ({}, "CREDENTIAL-010"),
        ([{"id": 5}], "CREDENTIAL-010"),
        (["did:web:x"], "CREDENTIAL-010"),
        (
            {"id": case.DID, "verificationMethod": [{"id": "#k", "publicKeyJwk": {"d": ""}}]},
            "CREDENTIAL-008",
        ),
        ("hello", "LOG-006"),
        (f"{case.LOG.vkey}\n+\n", "LOG-005"),
    ],
)
def test_a_file_that_names_nobody_well_is_refused(
    tmp_path: Path, content: object, code: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_trust([written(tmp_path, content)])
    assert refusal.value.rule.code == code
    place = refusal.value.findings[0].at
    assert place is not None
    assert place.file == str(tmp_path / "trust")


def test_the_line_of_a_bad_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_trust([written(tmp_path, f"{case.LOG.vkey}\nhello\n")])
    place = refusal.value.findings[0].at
    assert place is not None
    assert place.line == 2


@pytest.mark.parametrize("named", ["missing", "a\0b", "did:", "did:web:"])
def test_what_is_neither_file_nor_name_is_refused(named: str) -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-0"):
        read_trust([named])

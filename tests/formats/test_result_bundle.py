"""Result bundles: everything for a check in one zip, and no member that may be changed unseen."""

import json
from pathlib import Path

import pytest

from core.verification.checks import failing
from formats import claim_files as case
from stannary.cli.main import main
from stannary.core.kernel import RefusalError
from stannary.core.verification import NOBODY, Report, Trust, verify_file
from stannary.formats import result_bundle
from stannary.formats.archives import unzipped, zipped
from stannary.formats.claim_file import parse_checkable
from stannary.formats.packs import find_pack
from stannary.formats.result_bundle import open_bundle, pack_members
from stannary.signing import Signatures

BUNDLE = case.result_bundle()
MEMBERS = unzipped(BUNDLE, "x.zip")


def check(content: bytes, *, trust: Trust | None = None) -> Report:
    """Check a bundle with no standard at hand but its own."""
    return verify_file(
        parse_checkable(content, "x.zip"),
        trust=case.trust() if trust is None else trust,
        on=case.CHECKED_ON,
        crypto=Signatures(),
        packs={},
        pack_hashes={},
    )


def refused(members: dict[str, bytes]) -> list[tuple[str, dict[str, str]]]:
    with pytest.raises(RefusalError) as refusal:
        open_bundle(zipped(members), "x.zip")
    return [(one.code, dict(one.facts)) for one in refusal.value.findings]


def test_a_bundle_holds_all_that_a_check_needs() -> None:
    assert list(MEMBERS)[:7] == [
        "result.json",
        "credential.jwt",
        "issuer.json",
        "log.tlog-proof",
        "log.vkey",
        "pack.sha256",
        "pack/standard.toml",
    ]
    assert sum(name.startswith("pack/chapters/") for name in MEMBERS) == len(
        case.packs()[case.STANDARD].chapters
    )
    assert case.result_bundle() == BUNDLE


def test_it_is_checked_with_nothing_else_at_hand() -> None:
    report = check(BUNDLE)

    assert report.holds
    assert {str(one.name) for one in report.not_checked} == {"not_revoked"}
    assert report.kind == "result_file"
    assert (
        report.steps[6].reason
        == "Points, shares, level and every step recomputed from the ratings enclosed."
    )


def test_the_command_checks_it_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.zip").write_bytes(BUNDLE)
    monkeypatch.setattr("stannary.cli.verify.find_shipped_pack", lambda _name: pytest.fail("asked"))

    code = main(["verify", str(tmp_path / "x.zip"), "--offline", "--on=2026-11-21", "--json"])

    steps = {one["name"]: one["outcome"] for one in json.loads(capsys.readouterr().out)["steps"]}
    assert code == 0
    assert (steps["signed"], steps["recomputed"], steps["consistent"]) == ("pass", "pass", "pass")


def other(name: str) -> bytes:
    """Change one sign of a member so that it can still be read."""
    body = MEMBERS[name]
    changes = {
        "result.json": (b'"firm":"Example Audit"', b'"firm":"Example Audix"'),
        "issuer.json": (b'"x":"', b'"x":"A'),
        "log.tlog-proof": (b"index 5", b"index 4"),
        "log.vkey": (b"log.example/open", b"log.example/shut"),
        "pack/standard.toml": (b"Open Mining Standard", b"Open Mining Standart"),
    }
    if name in changes:
        return body.replace(*changes[name], 1)
    if name == "credential.jwt":
        return body[:-2] + (b"A" if body[-2:-1] != b"A" else b"B") + body[-1:]
    return b"0" * 64 + b"\n"


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("result.json", {"consistent"}),
        ("credential.jwt", {"signed", "logged"}),
        ("issuer.json", {"signed", "consistent"}),
        ("log.tlog-proof", {"logged"}),
        ("log.vkey", {"readable"}),
        ("pack.sha256", {"consistent"}),
        ("pack/standard.toml", {"recomputed", "consistent"}),
    ],
)
def test_a_changed_member_fails_the_step_that_it_is_for(name: str, steps: set[str]) -> None:
    changed = other(name)
    assert changed != MEMBERS[name]

    report = check(zipped(MEMBERS | {name: changed}), trust=NOBODY)

    assert not report.holds
    assert steps <= set(failing(report)), failing(report)


@pytest.mark.parametrize("name", [name for name in MEMBERS if name.startswith("pack/")])
def test_no_file_of_the_pack_may_be_changed(name: str) -> None:
    body = MEMBERS[name] + b"# a remark\n"

    report = check(zipped(MEMBERS | {name: body}))

    assert failing(report) == {"recomputed": "result", "consistent": "pack"}


def test_a_pack_that_cannot_be_read_is_told_with_its_line() -> None:
    report = check(zipped(MEMBERS | {"pack/standard.toml": b'kind = "assurance"\nkind = 1\n'}))

    assert "readable" in failing(report)
    first = report.findings[0]
    assert first.code == "STANDARD-001"
    assert first.at
    assert first.at.file == "x.zip, pack/standard.toml"


def test_a_pack_of_another_standard_does_not_stand_in() -> None:
    older = pack_members(find_pack("stannary/open-custody/0.1"), "CC0-1.0")
    members = {name: body for name, body in MEMBERS.items() if not name.startswith("pack/")}

    report = check(zipped(members | {f"pack/{name}": body for name, body in older.items()}))

    assert failing(report) == {"consistent": "pack"}
    assert "recomputed" in {str(one.name) for one in report.not_checked}


def test_without_the_pack_the_hash_says_which_one_it_was() -> None:
    report = check(case.result_bundle(pack={}))

    assert report.holds
    assert "recomputed" in {str(one.name) for one in report.not_checked}
    assert pack_members(find_pack(case.STANDARD), "unknown; no text is shipped") == {}


@pytest.mark.parametrize("name", list(MEMBERS)[:6])
def test_a_missing_member_is_named(name: str) -> None:
    members = {one: body for one, body in MEMBERS.items() if one != name}

    assert refused(members) == [("CREDENTIAL-003", {"missing": name})]


def test_a_pack_without_its_head_cannot_be_read() -> None:
    members = {one: body for one, body in MEMBERS.items() if one != "pack/standard.toml"}

    report = check(zipped(members))
    assert report.findings[0].facts == {"missing": "pack/standard.toml"}


@pytest.mark.parametrize(
    "name", ["notes.txt", "pack/cases/levels.toml", "pack/i18n/fr.toml", "pack/chapters/a.txt"]
)
def test_a_member_too_many_is_named(name: str) -> None:
    assert refused(MEMBERS | {name: b""}) == [("CREDENTIAL-003", {"unknown": repr(name)})]


@pytest.mark.parametrize(
    ("name", "body", "code", "facts"),
    [
        ("result.json", b"\xff", "CREDENTIAL-001", {"problem": "not UTF-8"}),
        ("result.json", b"[]", "CREDENTIAL-003", {"problem": "not an object"}),
        ("result.json", MEMBERS["result.json"] + b"\n", "CREDENTIAL-003",
         {"problem": "not in canonical form"}),
        ("issuer.json", b'{"b": 1}', "CREDENTIAL-003", {"problem": "not in canonical form"}),
        ("credential.jwt", MEMBERS["credential.jwt"] + b"\n", "CREDENTIAL-003",
         {"problem": "not a vc+jwt"}),
    ],
)  # fmt: skip
def test_a_member_has_one_form(name: str, body: bytes, code: str, facts: dict[str, str]) -> None:
    assert refused(MEMBERS | {name: body}) == [(code, facts)]


@pytest.mark.parametrize(("over", "fine"), [(-1, True), (0, True), (1, False)])
def test_a_pack_is_bounded(over: int, fine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(len(body) for name, body in MEMBERS.items() if name.startswith("pack/"))
    monkeypatch.setattr(result_bundle, "PACK_BYTES_MAX", size - over)

    if fine:
        assert open_bundle(BUNDLE, "x.zip").pack.edition
    else:
        assert refused(MEMBERS)[0][0] == "CREDENTIAL-001"


def test_strict_json_is_asked_for() -> None:
    assert refused(MEMBERS | {"issuer.json": b'{"a":1,"a":2}'})[0][0] == "CREDENTIAL-002"

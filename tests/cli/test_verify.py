"""`stannary verify` as people and programs call it."""

import datetime
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from formats import claim_files as case
from formats.receipt_files import receipt_file
from stannary.cli.main import main
from stannary.core.credentials import log_entry, withdrawal_entry
from stannary.core.transparency_log import Checkpoint, Tree, leaf_hash, sign_checkpoint
from stannary.formats.packs import find_pack
from stannary.formats.tlog import log_files

ON = ("--on", "2026-11-21")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every kind of file, in which the program is called."""
    claim = json.loads(case.claim_file())
    token = claim["credential"]["id"].partition(",")[2]
    files = {
        "a.claim.json": case.claim_file(),
        "a.result.json": case.result_file(),
        "a.vc.json": json.dumps(claim["credential"]),
        "a.jwt": token,
        "a.tlog-proof": claim["proof"],
        "did.json": json.dumps(case.DOCUMENT),
        "log.vkey": case.LOG.vkey + "\n",
        "changed.claim.json": case.claim_file().replace("no papers", "all papers"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(*arguments: str) -> int:
    on = () if "--on" in arguments else ON
    return main(["verify", *on, *arguments])


def test_a_claim_that_holds_is_told_step_by_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify("a.claim.json", "--trust", "did.json", "--trust", "log.vkey", "--offline")

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out.startswith(
        "a.claim.json: It holds, as far as it could be checked.\n"
        "  At least 37.5 % of the contained lithium in lot L-2041 comes from sites at OPEN-75 or"
        " better.\n"
    )
    assert [line.split()[0] for line in out.splitlines() if line[2:3].isdigit()] == list("12345678")
    assert out.count("  pass  ") == 7
    assert out.count("  not checked  ") == 1
    assert max(map(len, out.splitlines())) <= 100


def test_a_receipt_of_a_total_ends_with_the_codes_of_any_check(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = receipt_file()
    files = {"holds": text, "changed": text.replace('"700000001"', '"700000000"'), "unread": "{}"}
    codes = {}
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content, encoding="utf-8")
        codes[name] = verify(f"{name}.json", "--trust", "log.vkey", "--offline")

    out, err = capsys.readouterr()
    out = " ".join(out.split())
    assert codes == {"holds": 0, "changed": 1, "unread": 2}
    assert "5 700.000001 kg of Example Refining are in the total of example-north-mine" in out
    assert "TOTAL-007: A receipt has each of its 16 parts once" in out
    assert "CREDENTIAL-001" in err


def test_a_changed_line_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = verify("changed.claim.json", "--trust", "did.json")

    out = capsys.readouterr().out
    assert code == 1
    assert out.startswith("changed.claim.json: It does not hold.\n")
    assert "8  FAIL" in out
    assert "Not as it was signed: movements, line 4.\n" in out
    assert "VERIFY-008: Everything enclosed is what was signed" in out


def test_a_program_gets_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [
        verify(name, "--json", "--trust", "did.json")
        for name in ("a.claim.json", "changed.claim.json")
    ]

    decoder = json.JSONDecoder()
    out = capsys.readouterr().out
    good, end = decoder.raw_decode(out)
    bad = decoder.raw_decode(out[end:].lstrip())[0]
    assert codes == [0, 1]
    assert (good["holds"], good["findings"]) == (True, [])
    assert (bad["holds"], bad["findings"][0]["code"]) == (False, "VERIFY-008")
    assert [step["name"] for step in bad["steps"] if step["outcome"] == "fail"] == ["consistent"]
    assert bad["steps"][7]["where"] == "movements, line 4"


@pytest.mark.parametrize(
    ("name", "trust", "code"),
    [
        ("a.claim.json", (), 0),
        ("a.result.json", (), 0),
        ("a.result.json", ("did.json", "log.vkey"), 0),
        ("a.vc.json", ("did.json",), 0),
        ("a.vc.json", (), 1),
        ("a.jwt", ("did.json",), 0),
        ("a.jwt", (case.DID,), 1),
        ("a.tlog-proof", ("log.vkey",), 0),
        ("a.tlog-proof", (), 1),
        ("a.claim.json", (case.DID,), 0),
        ("a.claim.json", ("did:web:other.example",), 1),
    ],
)
def test_the_exit_code_tells_what_holds(
    folder: Path, name: str, trust: tuple[str, ...], code: int
) -> None:
    options = [option for one in trust for option in ("--trust", one)]

    assert verify(name, *options) == code


def test_several_files_are_told_one_after_the_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("a.claim.json", "changed.claim.json", "a.result.json") == 1

    out = capsys.readouterr().out
    starts = [line.partition(":")[0] for line in out.splitlines() if ": It " in line]
    assert starts == ["a.claim.json", "changed.claim.json", "a.result.json"]


def test_several_files_are_one_object_for_programs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("a.claim.json", "changed.claim.json", "--json") == 1

    content: Any = json.loads(capsys.readouterr().out)
    assert content["holds"] is False
    assert [report["holds"] for report in content["reports"]] == [True, False]
    assert [finding["code"] for finding in content["findings"]] == ["VERIFY-008"]


def test_standard_input_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.BytesIO((folder / "a.claim.json").read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content, encoding="utf-8"))

    assert verify("-") == 0
    assert capsys.readouterr().out.startswith("-: It holds")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json"], "missing.json: CREDENTIAL-001: A file to check is"),
        (["did.json"], "did.json: CREDENTIAL-001"),
        (["log.vkey"], "log.vkey: CREDENTIAL-001"),
        (["a.claim.json", "--trust", "missing.json"], "missing.json: CREDENTIAL-001"),
        (["a.claim.json", "--trust", "a.tlog-proof"], "LOG-006"),
        (["a.claim.json", "--trust", "did:x"], "--trust: CREDENTIAL-010"),
        (["a.claim.json", "--on", "2026-11"], "--on: KERNEL-002"),
        (["a.claim.json", "--on", "yesterday"], "--on: KERNEL-002"),
        (["a.claim.json", "--pack", "missing"], "STANDARD-013"),
        (
            ["https://example.org/a.claim.json"],
            (
                "CREDENTIAL-016: A file to check lies on this machine: this version fetches no address."
                " Here: address=https://example.org/a.claim.json."
                " Download it first, then give the file."
            ),
        ),
        (["HTTP://example.org/a", "--offline"], "offline=yes. Download it first"),
    ],
)
def test_what_cannot_be_read_is_exit_code_2_and_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert verify(*arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_one_unreadable_file_does_not_hide_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("missing.json", "a.claim.json", "--json") == 2

    out, err = capsys.readouterr()
    assert "missing.json" in err
    content = json.loads(out)
    assert [report["holds"] for report in content["reports"]] == [True]
    assert content["holds"] is False  # of what was not read nobody can say that it holds


def test_the_day_is_today_unless_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "a.claim.json", "--on", "2027-03-09"]) == 1
    assert "on 2027-03-09 it no longer was" in " ".join(capsys.readouterr().out.split())
    assert main(["verify", "a.result.json"]) == 0


def test_a_pack_of_ones_own_can_be_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(find_pack(case.STANDARD), folder / "own")
    text = (folder / "own" / "standard.toml").read_text("utf-8")
    (folder / "own" / "standard.toml").write_text(text + "\n# mine\n", "utf-8")

    assert verify("a.result.json", "--pack", "own") == 1
    assert "PUBLICATION-010" in capsys.readouterr().out


def test_a_standard_that_nobody_has_is_said_to_be_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "a.result.json").read_text("utf-8")
    (folder / "b.json").write_text(text.replace(case.STANDARD, "nobody/mining/1"), "utf-8")

    assert verify("b.json") == 1
    assert "The standard nobody/mining/1 is not at hand" in " ".join(
        capsys.readouterr().out.split()
    )


def test_signs_that_move_a_terminals_cursor_are_not_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Example\u001b[2J\u202e Cells"
    made = case.draft(issuer_name=name)
    (folder / "b.json").write_text(case.claim_file(made), "utf-8")

    verify("b.json")

    out = capsys.readouterr().out
    assert "\u001b" not in out
    assert "\u202e" not in out
    assert "Example\ufffd[2J\ufffd Cells" in out


def test_a_credential_without_a_sentence_or_a_name_is_told_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload: Any = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": case.DID,
        "credentialSubject": {},
    }
    (folder / "b.jwt").write_text(case.signed(payload), "utf-8")

    assert verify("b.jwt", "--trust", "did.json") == 0
    assert f"A credential (said by {case.DID})" in capsys.readouterr().out


def test_a_log_of_today_tells_that_a_claim_was_taken_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = ("--trust", "did.json", "--trust", "log.vkey", "--log", "log")
    token = json.loads((folder / "a.claim.json").read_text())["credential"]["id"].partition(",")[2]
    entries = [b"entry %d" % n for n in range(11)]
    entries[5] = log_entry(token)
    day = datetime.date(2026, 11, 21)
    for more, code in (([], 0), ([withdrawal_entry(case.CLAIM.id, on=day, reason="No.")], 1)):
        tree = Tree(leaf_hash(entry) for entry in (*entries, *more))
        note = sign_checkpoint(Checkpoint(case.LOG.name, tree.size, tree.root()), [case.LOG])
        for path, content in log_files([*entries, *more], note):
            (folder / "log" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "log" / path).write_bytes(content)

        assert verify("a.claim.json", *trust) == code
        assert ("taken back from 2026-11-21 on" in capsys.readouterr().out) is bool(more)
        assert verify("a.claim.json", *trust, "--on", "2026-11-20") == 0
        capsys.readouterr()
    assert verify("a.claim.json", "--log", "log") == 2
    assert "LOG-010" in capsys.readouterr().err

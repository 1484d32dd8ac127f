"""`stannary balance`: what it prints, what it finds, and how it refuses."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.custody.chains import random_chain
from stannary.cli.main import main
from stannary.formats.movements import write_movements_csv

LITHIUM = str(Path(__file__).resolve().parents[1] / "vectors/movements/lithium.csv")
HEADER = "event,at,kind,site,entity,lot,side,material,mass_mg,model\n"
MINED = "E1,2026-01-05T08:00:00Z,produce,mine,Miner,L1,out,ore,1000,mass_balance\n"
STOLEN = "E2,2026-01-06T08:00:00Z,loss,store,Thief,L1,in,ore,1,\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        code = main(["balance", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "moves.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_the_illustrative_chain_holds_and_prints_its_balances(run: Run) -> None:
    assert run(LITHIUM) == (
        0,
        """\
19 events, 18 lots

Closing balances
  entity                 site                lot     material                   mass   content
  Example Cells          example-cell-plant  L-2041  lithium carbonate      5 310 kg  1 000 kg
  Example Refining       example-refinery    C-501   lithium carbonate      84.96 kg     16 kg
  Example Refining       example-refinery    C-502   lithium carbonate      84.96 kg     16 kg
  Example Refining       example-refinery    C-503   lithium carbonate      84.96 kg     16 kg
  Example Refining       example-refinery    C-504   lithium carbonate      84.96 kg     16 kg
  Example Trading House  example-port        N-103   spodumene concentrate  2 500 kg     70 kg

In transit, held by nobody
  shipped by            from                lot    material                   mass  content
  Example North Mining  example-north-mine  N-104  spodumene concentrate  2 500 kg    70 kg

Losses
  event  entity                 lot      mass  content
  E-08   Example Trading House  S-204  250 kg     7 kg

Lost in transformations
  event  entity                    mass  content
  E-14   Example Refining  17 175.08 kg    28 kg
  E-15   Example Refining  17 175.08 kg    28 kg

Totals
  entity                 material                    mass   content
  Example Cells          lithium carbonate       5 310 kg  1 000 kg
  Example Refining       lithium carbonate      339.84 kg     64 kg
  Example Trading House  spodumene concentrate   2 500 kg     70 kg

Everything holds.
""",
        "",
    )


def test_json_has_the_keys_of_the_contract_and_numbers_as_text(run: Run) -> None:
    code, out, _ = run(LITHIUM, "--json")
    shape = json.loads(out)

    assert code == 0
    assert list(shape) == [
        "balances",
        "in_transit",
        "losses",
        "process_losses",
        "totals",
        "findings",
    ]
    assert shape["balances"][0] == {
        "entity": "Example Cells",
        "site": "example-cell-plant",
        "lot": "L-2041",
        "material": "lithium carbonate",
        "mass_mg": "5310000000",
        "content_mg": "1000000000",
        "model": "controlled_blending",
    }
    assert shape["in_transit"] == [
        {
            "lot": "N-104",
            "material": "spodumene concentrate",
            "mass_mg": "2500000000",
            "content_mg": "70000000",
            "model": "identity_preserved",
            "shipped_by": "Example North Mining",
            "from_site": "example-north-mine",
            "since": "2026-03-27T09:00:00-03:00",
        }
    ]
    assert shape["losses"] == [
        {
            "event": "E-08",
            "at": "2026-02-02T09:15:00+00:00",
            "entity": "Example Trading House",
            "site": "example-port",
            "lot": "S-204",
            "material": "spodumene concentrate",
            "mass_mg": "250000000",
            "content_mg": "7000000",
            "note": "illustrative; spilt while unloading",
        }
    ]
    assert shape["process_losses"][0] == {
        "event": "E-14",
        "at": "2026-03-02T06:00:00+01:00",
        "entity": "Example Refining",
        "site": "example-refinery",
        "mass_mg": "17175080000",
        "content_mg": "28000000",
    }
    assert shape["totals"][0] == {
        "entity": "Example Cells",
        "material": "lithium carbonate",
        "mass_mg": "5310000000",
        "content_mg": "1000000000",
    }
    assert shape["findings"] == []


def test_what_does_not_hold_is_printed_and_the_exit_code_is_1(
    run: Run, file: Callable[[str], str]
) -> None:
    path = file(HEADER + MINED + STOLEN)

    code, out, err = run(path)

    assert (code, err) == (1, "")
    assert out.endswith(
        "\n1 finding\n"
        f"{path}, line 3, column entity: CUSTODY-012: An entity uses, ships or loses only lots "
        "that it holds. Here: lot=L1, event=E2, entity=Thief, held_by=Miner. "
        "Add the shipment and the receipt that brought the lot here.\n"
    )


def test_findings_stand_in_the_json_too(run: Run, file: Callable[[str], str]) -> None:
    path = file(HEADER + MINED + STOLEN * 1 + STOLEN.replace("E2", "E3"))

    code, out, err = run(path, "--json")

    findings = json.loads(out)["findings"]
    assert (code, err, len(findings)) == (1, "", 2)
    assert findings[0] == {
        "code": "CUSTODY-012",
        "demand": "An entity uses, ships or loses only lots that it holds.",
        "facts": {"lot": "L1", "event": "E2", "entity": "Thief", "held_by": "Miner"},
        "remedy": "Add the shipment and the receipt that brought the lot here.",
        "at": {"file": path, "line": 3, "column": "entity"},
    }


def test_credits_are_not_ignored_silently(run: Run, file: Callable[[str], str]) -> None:
    book = "E2,2026-01-06T08:00:00Z,book,mine,Miner,L1,out,ore,1000,book_and_claim\n"

    code, out, _ = run(file(HEADER + MINED + book))

    assert code == 1
    assert "CUSTODY-017: Credits and corrections" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEADER + MINED.replace(",1000,", ",0,"),
            ", line 2, column mass_mg: KERNEL-001: A mass is a whole number of milligrams from 1",
        ),
        (HEADER.replace("lot,", ""), ", line 1: CUSTODY-022: "),
        (HEADER, ": CUSTODY-030: "),
        ("", ": CUSTODY-030: "),
        (
            HEADER + MINED + MINED.replace("Miner", "Other").replace("L1", "L2"),
            ", line 3, column entity: CUSTODY-029: ",
        ),
        (HEADER + MINED.replace(",out,", ",in,"), ", line 2, column side: CUSTODY-028: "),
    ],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_file_that_cannot_be_read_gives_one_message_and_nothing_else(
    run: Run, file: Callable[[str], str], text: str, said: str, options: tuple[str, ...]
) -> None:
    path = file(text)

    code, out, err = run(path, *options)

    assert (code, out) == (2, "")
    assert err.startswith(f"stannary: {path}{said}")


def test_a_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    code, out, err = run(str(tmp_path / "none.csv"))

    assert (code, out) == (2, "")
    assert "CUSTODY-021" in err
    assert "No such file or directory" in err


def test_standard_input_is_a_dash(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEADER + MINED + STOLEN.replace(",1,", ",0,")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    code, _, err = run("-")

    assert code == 2
    assert err.startswith("stannary: -, line 3, column mass_mg: KERNEL-001: ")


def test_a_random_chain_balances_through_the_command(run: Run, file: Callable[[str], str]) -> None:
    rows = random_chain(7)

    code, out, _ = run(file(write_movements_csv(rows)), "--json")

    shape = json.loads(out)
    left = [*shape["balances"], *shape["in_transit"], *shape["losses"], *shape["process_losses"]]
    assert code == 0
    for field in ("mass_mg", "content_mg"):
        entered = sum(getattr(row, field) for row in rows if row.kind.is_source)
        assert sum(int(one[field]) for one in left) == entered


GROWN = (
    MINED
    + "E2,2026-01-06T08:00:00Z,transform,mine,Miner,L1,in,ore,1000,\n"
    + "E2,2026-01-06T08:00:00Z,transform,mine,Miner,L2,out,salt,1100,\n"
).replace("mass_mg", "mass_mg,content_mg")


def pack(folder: Path, factor: str) -> str:
    constant = (
        f'{{ value = "{factor}", source = "illustrative", mark = "own", as_of = 2026-01-01 }}'
    )
    text = f"""\
kind = "custody"
publisher = "example"
standard = "custody"
edition = "1"
title = "Illustrative custody rules"
short_title = "Illustrative"
language = "en"
licence = "CC0-1.0"
in_force_from = 2026-01-01
requirements_complete = true
texts = "full"
summary = "Illustrative."

[parameters.transform_mass_factor_max]
unit = "1"
summary = "Illustrative."
values = [ {constant} ]
"""
    home = folder / "example" / "custody" / "1"
    home.mkdir(parents=True)
    (home / "standard.toml").write_text(text, encoding="utf-8")
    return str(home)


@pytest.mark.parametrize(("factor", "code"), [("1.099", 1), ("1.1", 0), ("1.101", 0)])
def test_the_factor_of_a_transformation_comes_from_the_pack(
    run: Run, tmp_path: Path, file: Callable[[str], str], factor: str, code: int
) -> None:
    rows = [line.split(",") for line in GROWN.splitlines()]
    text = HEADER.replace("mass_mg", "mass_mg,content_mg")
    for row in rows:
        row.insert(9, "1000")
        text += ",".join(row) + "\n"

    result = run(file(text), "--rules", pack(tmp_path, factor))

    assert result[0] == code, result
    assert ("CUSTODY-009" in result[1]) == (code == 1)


def test_the_shipped_rules_are_those_without_a_pack(run: Run) -> None:
    assert run(LITHIUM, "--rules", "stannary/open-custody/0.1") == run(LITHIUM)


@pytest.mark.parametrize(
    ("name", "code"), [("irma/mining/1.0", "CUSTODY-018"), ("nobody/knows/1", "STANDARD-013")]
)
def test_rules_that_are_no_custody_pack_are_refused(run: Run, name: str, code: str) -> None:
    result = run(LITHIUM, "--rules", name)

    assert result[:2] == (2, "")
    assert f": {code}: " in result[2]


def test_help_says_the_columns_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["balance", "--help"])

    said = capsys.readouterr().out
    assert caught.value.code == 0
    assert "event, at, kind, site, entity, lot, side, material, mass_mg" in said
    assert "exit code: 0" in said


def test_nothing_but_a_file_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["balance"])

    assert caught.value.code == 2
    assert "MOVEMENTS" in capsys.readouterr().err


def test_a_chain_that_used_everything_up_prints_no_balances(
    run: Run, file: Callable[[str], str]
) -> None:
    lost: Any = "E2,2026-01-06T08:00:00Z,loss,mine,Miner,L1,in,ore,1000,\n"

    code, out, _ = run(file(HEADER + MINED + lost))

    assert code == 0
    assert "Closing balances" not in out
    assert out.endswith("Everything holds.\n")

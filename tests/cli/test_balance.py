"""`stannary balance`: what it prints, what it finds, and how it refuses."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.custody.chains import random_chain
from stannary.cli.main import main
from stannary.formats.epcis import write_epcis
from stannary.formats.movements import (
    read_movements,
    write_movements_csv,
    write_movements_xlsx,
)

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
            "weighing": False,
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


@pytest.mark.parametrize("edition", ["0.1", "1.0"])
def test_the_shipped_rules_keep_lots_as_they_are_without_a_pack(run: Run, edition: str) -> None:
    code, out, _ = run(LITHIUM, "--rules", f"stannary/open-custody/{edition}", "--json")
    kept, bare = json.loads(out), json.loads(run(LITHIUM, "--json")[1])

    assert code == 0
    assert {name: kept[name] for name in bare} == bare
    assert list(kept) == [
        *bare,
        "as_of",
        "carried",
        "accounts",
        "credits",
        "retired",
        "blends",
        "pilots",
        "corrections",
        "proof",
    ]


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


FIVE = Path(__file__).resolve().parents[2] / "src/stannary/data/demo/five_models.csv"
RULES = ("--rules", "stannary/open-custody/1.0")
REGISTER = ("--register", str(FIVE.with_suffix(".toml")))


def test_five_models_over_one_file_print_what_may_be_said(run: Run) -> None:
    code, out, err = run(str(FIVE), *RULES, *REGISTER)

    assert (code, err) == (0, "")
    assert (
        out[out.index("What may be said of lots") :]
        == """\
What may be said of lots
  lot   from                under                                        produced    content
  C-CB  example-north-mine  urn:stannary:achievement:example-north-mine  2026-01-08    26 kg
  C-IP  example-north-mine  urn:stannary:achievement:example-north-mine  2026-01-05    26 kg
  C-MB  example-north-mine  urn:stannary:achievement:example-north-mine  2026-01-09    50 kg
  C-SG  example-north-mine  urn:stannary:achievement:example-north-mine  2026-01-06    26 kg
  C-SG  example-south-mine  urn:stannary:achievement:example-south-mine  2026-01-07    26 kg
  N-BC  example-north-mine  urn:stannary:achievement:example-north-mine  2026-01-10     8 kg

Controlled blends, as measured
  lot   site              content  attested
  C-CB  example-refinery    52 kg    50.0 %

Accounts of mass balance (credit)
  entity            boundary          material           period                      opening     in  given  lapsed  closing  deficit
  Example Refining  example-refinery  lithium carbonate  2026-01-01/2027-01-01 open     0 kg  52 kg  50 kg    0 kg     2 kg     0 kg

Credits
  credit  holder                from                expires      made  left
  CR-1    Example North Mining  example-north-mine  2028-02-01  20 kg  5 kg
  CR-2    Example Cars          example-north-mine  2028-02-01  15 kg  5 kg

Credits used up
  event  credit  holder        for                                             period  quantity
  F-33   CR-2    Example Cars  Example Cars, small car of 2026 (illustrative)  2026       10 kg

Nowhere is more said than came in
  Example Cars, mined: credits 5 kg <= credits received 15 kg - (retired 10 kg)
  Example Cells, mined: lots 154 kg <= received 154 kg - (nothing)
  Example North Mining, mined: lots 8 kg + credits 5 kg <= produced 168 kg - (shipped 140 kg + credits passed on 15 kg)
  Example Refining, mined: accounts 2 kg <= received 168 kg - (shipped 154 kg + lost 12 kg)
  Example South Mining, mined: nothing <= produced 28 kg - (shipped 28 kg)
  all: sayable 184 kg <= produced 196 kg

Everything holds.
"""  # noqa: E501 - lines as they are printed
    )


def test_the_json_of_books_has_the_keys_of_the_contract(run: Run) -> None:
    shape = json.loads(run(str(FIVE), *RULES, "--json")[1])

    north = {
        "kind": "mined",
        "site": "example-north-mine",
        "attestation": "urn:stannary:achievement:example-north-mine",
    }
    assert shape["as_of"] == "2026-05-01"
    assert shape["carried"][0] == {
        "lot": "C-CB",
        "sources": [{**north, "produced_on": "2026-01-08", "content_mg": "26000000"}],
    }
    assert shape["accounts"] == [
        {
            "entity": "Example Refining",
            "boundary": "example-refinery",
            "material": "lithium carbonate",
            "element": "",
            "method": "credit",
            "from": "2026-01-01",
            "until": "2027-01-01",
            "closed": False,
            "content_in_mg": "52000000",
            "opening_mg": "0",
            "entered_mg": "52000000",
            "given_mg": "50000000",
            "lapsed_mg": "0",
            "closing_mg": "2000000",
            "deficit_mg": "0",
            "closing": [{**north, "produced_on": "2026-01-09", "content_mg": "2000000"}],
        }
    ]
    assert shape["credits"][1] == {
        "credit": "CR-2",
        "holder": "Example Cars",
        "material": "spodumene concentrate",
        **north,
        "produced_on": "2026-01-10",
        "unit_mg": "1000000",
        "booked_on": "2026-02-01",
        "expires_on": "2028-02-01",
        "quantity_mg": "15000000",
        "left_mg": "5000000",
        "expired": False,
        "parent": "CR-1",
    }
    assert shape["retired"][0]["beneficiary"] == "Example Cars, small car of 2026 (illustrative)"
    assert shape["blends"][0]["share"] == "0.500000000000"
    assert (shape["pilots"], shape["corrections"]) == ([], {})
    assert (shape["proof"]["holds"], shape["proof"]["sayable_mg"]) == (True, "184000000")
    assert shape["proof"]["entities"][0] == {
        "entity": "Example Cars",
        "kind": "mined",
        "claimable_mg": "5000000",
        "came_in_mg": "15000000",
        "went_mg": "10000000",
        "terms": {"credits_received": "15000000", "retired": "10000000"},
    }


@pytest.mark.parametrize(
    ("as_of", "events", "credits"),
    [("2026-03-31", 31, 1), ("2026-04-01", 32, 2), ("2026-04-02", 32, 2), ("2030-01-01", 33, 2)],
)
def test_a_balance_tells_what_was_known_on_a_day(
    run: Run,
    as_of: str,
    events: int,
    credits: int,  # noqa: A002 - the word of the domain
) -> None:
    out = run(str(FIVE), *RULES, "--as-of", as_of, "--json")[1]

    assert len(json.loads(out)["credits"]) == credits
    text = run(str(FIVE), "--as-of", as_of)[1]
    assert text.startswith(f"{events} events")


def test_a_day_is_a_whole_day(run: Run) -> None:
    code, out, err = run(LITHIUM, "--as-of", "2026-03")

    assert (code, out) == (2, "")
    assert "KERNEL-002" in err


@pytest.mark.parametrize(
    ("method", "left"), [("credit", "50000000"), ("rolling_average", "50000000")]
)
def test_the_method_may_be_chosen(run: Run, method: str, left: str) -> None:
    shape = json.loads(run(str(FIVE), *RULES, "--method", method, "--json")[1])

    assert (shape["accounts"][0]["method"], shape["accounts"][0]["given_mg"]) == (method, left)


@pytest.mark.parametrize("option", [REGISTER, ("--method", "credit")])
def test_books_are_kept_under_rules_or_not_at_all(run: Run, option: tuple[str, str]) -> None:
    code, out, err = run(LITHIUM, *option)

    assert (code, out) == (2, "")
    assert "CUSTODY-070" in err
    assert option[0] in err


def test_what_a_pilot_books_is_marked(run: Run, tmp_path: Path) -> None:
    text = Path(REGISTER[1]).read_text(encoding="utf-8")
    short = tmp_path / "pilot.toml"
    short.write_text(
        text.replace('kind = "refiner"', 'kind = "refiner"\npilot = true'), encoding="utf-8"
    )

    code, out, _ = run(str(FIVE), *RULES, "--register", str(short))

    assert code == 0
    assert "Booked by a pilot, nothing may be said" in out


@pytest.mark.parametrize(
    ("until", "code"), [("2028-12-31", 0), ("2029-01-01", 0), ("2029-01-02", 1)]
)
def test_a_certificate_that_is_too_long_is_told(
    run: Run, tmp_path: Path, until: str, code: int
) -> None:
    path = tmp_path / "long.toml"
    text = Path(REGISTER[1]).read_text(encoding="utf-8")
    path.write_text(text.replace("valid_until = 2029-01-01", f"valid_until = {until}"), "utf-8")

    result = run(str(FIVE), *RULES, "--register", str(path))

    assert result[0] == code
    assert ("CUSTODY-076" in result[1]) == (code == 1)


def test_a_pack_whose_numbers_are_not_known_refuses_what_needs_them_and_nothing_else(
    run: Run,
) -> None:
    code, out, _ = run(str(FIVE), "--rules", "irma/chain-of-custody/1.0")

    assert code == 1
    assert "constant=balance_boundary, pack=irma/chain-of-custody/1.0" in out
    assert "constant=credit_unit, pack=irma/chain-of-custody/1.0" in out
    assert run(LITHIUM, "--rules", "irma/chain-of-custody/1.0")[0] == 0


CORRECTED = "K1,2026-02-01T08:00:00Z,correct,mine,Miner,L1,out,ore,900,mass_balance,{account}\n"


@pytest.mark.parametrize(("account", "code"), [("E1", 0), ("E9", 1)])
def test_a_correction_restates_an_event(
    run: Run, file: Callable[[str], str], account: str, code: int
) -> None:
    text = HEADER.replace("model", "model,account") + MINED.replace("\n", ",\n")
    result = run(file(text + CORRECTED.format(account=account)), *RULES)

    assert result[0] == code
    assert ("Corrected\n  event  by\n  E1     K1" in result[1]) == (code == 0)
    assert ("CUSTODY-093" in result[1]) == (code == 1)


def test_the_five_models_balance_alike_in_every_format(run: Run, tmp_path: Path) -> None:
    rows = read_movements(FIVE, "five_models.csv")
    sheet, document = tmp_path / "five.xlsx", tmp_path / "five.json"
    sheet.write_bytes(write_movements_xlsx(rows))
    document.write_text(json.dumps(write_epcis(rows)), encoding="utf-8")

    expected = run(str(FIVE), *RULES, *REGISTER)

    assert run(str(sheet), *RULES, *REGISTER) == expected
    assert run(str(document), *RULES, *REGISTER) == expected

"""`stannary trace`: origins of lots, lots of a site, and how it refuses."""

import io
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from engines.spark.inline import Inline
from stannary.cli.main import main
from stannary.engines import spark
from stannary.engines.spark import cluster
from stannary.formats.epcis import write_epcis
from stannary.formats.movements import (
    read_movements,
    write_movements_parquet,
    write_movements_xlsx,
)

LITHIUM = str(Path(__file__).resolve().parents[1] / "vectors/movements/lithium.csv")
LEVELS = "attestation,level\nurn:stannary:achievement:example-south-mine,OPEN-50\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str, movements: str = LITHIUM) -> tuple[int, str, str]:
        code = main(["trace", *words, "--movements", movements])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


PRODUCT = {
    "lot": "L-2041",
    "content_mg": "1000000000",
    "model": "controlled_blending",
    "origins": [
        {
            "site": "example-south-mine",
            "attestation": "urn:stannary:achievement:example-south-mine",
            "level": None,
            "share": "0.500000000000",
            "content_mg": "500000000",
        },
        {
            "site": "example-north-mine",
            "attestation": "urn:stannary:achievement:example-north-mine",
            "level": None,
            "share": "0.375000000000",
            "content_mg": "375000000",
        },
    ],
    "recycled_share": "0.000000000000",
    "unknown_share": "0.125000000000",
    "lots": 17,
    "events": 9,
    "depth": 4,
}


def test_the_product_lot_is_traced_to_its_mines(run: Run) -> None:
    assert run("L-2041") == (
        0,
        """\
L-2041: 1 000 kg content in 5 310 kg, controlled blending
  origin              attestation                                  level      share  content
  example-south-mine  urn:stannary:achievement:example-south-mine         50.0000 %   500 kg
  example-north-mine  urn:stannary:achievement:example-north-mine         37.5000 %   375 kg
  unknown origin                                                          12.5000 %   125 kg
17 lots, 9 events, depth 4
""",
        "",
    )


def test_json_of_one_lot_is_the_object_itself(run: Run) -> None:
    code, out, _ = run("L-2041", "--json")

    assert code == 0
    assert json.loads(out) == PRODUCT
    assert list(json.loads(out)) == list(PRODUCT)


def test_json_of_several_lots_is_a_list_in_the_order_asked(run: Run) -> None:
    _, out, _ = run("L-2041", "N-101", "--json")

    shape = json.loads(out)
    assert list(shape) == ["lots"]
    assert shape["lots"][0] == PRODUCT
    assert shape["lots"][1]["lot"] == "N-101"
    assert (shape["lots"][1]["model"], shape["lots"][1]["depth"]) == ("identity_preserved", 0)


def test_text_of_several_lots_has_a_blank_line_between(run: Run) -> None:
    _, out, _ = run("U-301", "N-101")

    first, second = out.split("\n\n")
    assert first.startswith("U-301: 140 kg content in 5 000 kg, controlled blending\n")
    assert "unknown origin" in first
    assert "100.0000 %" in first
    assert second.startswith("N-101: ")


def test_levels_come_from_a_file_and_are_null_without(
    run: Run, file: Callable[[str, str], str]
) -> None:
    levels = file("levels.csv", LEVELS)

    _, text, _ = run("L-2041", "--attestations", levels)
    _, out, _ = run("L-2041", "--attestations", levels, "--json")

    assert "OPEN-50" in text
    assert [origin["level"] for origin in json.loads(out)["origins"]] == ["OPEN-50", None]


def test_a_file_of_levels_that_cannot_be_read_is_refused(
    run: Run, file: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run("L-2041", "--attestations", file("levels.csv", "level\n"))
    assert (code, out) == (2, "")
    assert "levels.csv, line 1: TRACE-004: " in err

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LEVELS.encode())))
    assert run("L-2041", "--attestations", "-")[0] == 0


def test_forward_lists_the_lots_that_carry_a_sites_material(run: Run) -> None:
    code, out, _ = run("example-north-mine", "--forward", "--json")

    shape = json.loads(out)
    assert (code, list(shape), shape["site"]) == (0, ["site", "lots"], "example-north-mine")
    assert shape["lots"][-1] == {
        "lot": "L-2041",
        "entity": "Example Refining",
        "at": "2026-03-16T10:00:00+01:00",
        "share": "0.375000000000",
        "content_mg": "375000000",
    }
    assert [one["lot"] for one in shape["lots"]] == [
        *("N-101", "N-102", "N-103", "N-104", "N-102A", "N-102B"),
        *("B-401", "B-402", "C-501", "C-502", "C-503", "C-504", "L-2041"),
    ]


def test_forward_of_several_sites_is_a_list(run: Run) -> None:
    sites = ("example-north-mine", "example-south-mine")

    _, out, _ = run(*sites, "--forward", "--json")
    _, text, _ = run(*sites, "--forward")

    assert [one["site"] for one in json.loads(out)["sites"]] == list(sites)
    first, second = text.split("\n\n")
    assert first.startswith("example-north-mine: 13 lots carry its material\n")
    assert "L-2041  Example Refining        37.5000 %   375 kg" in first
    assert second.startswith("example-south-mine: 11 lots carry its material\n")


def test_one_lot_that_carries_a_sites_material_is_one_lot(
    run: Run, file: Callable[[str, str], str]
) -> None:
    text = (
        "event,at,kind,site,entity,lot,side,material,mass_mg\n"
        "E1,2026-01-05T08:00:00Z,produce,mine,Miner,L1,out,ore,1\n"
    )

    assert run("mine", "--forward", movements=file("moves.csv", text))[1] == (
        "mine: 1 lot carries its material\n"
        "  lot  made by       share      content\n"
        "  L1   Miner    100.0000 %  0.000001 kg\n"
    )
    lot = run("L1", movements=file("moves.csv", text))[1]
    assert lot.startswith("L1: 0.000001 kg content in 0.000001 kg, no model named\n")
    assert "no attestation" in lot


@pytest.mark.parametrize(
    ("words", "code"),
    [(("Z",), "TRACE-001"), (("L-2041", "Z"), "TRACE-001"), (("Z", "--forward"), "TRACE-002")],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_not_in_the_file_is_refused_and_nothing_printed(
    run: Run, words: tuple[str, ...], code: str, options: tuple[str, ...]
) -> None:
    result = run(*words, *options)

    assert result[:2] == (2, "")
    assert result[2].startswith(f"stannary: {LITHIUM}: {code}: ")


def test_an_engine_that_lacks_something_says_what_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "missing", lambda: "Java 17 or newer")

    code, out, err = run("L-2041", "--engine", "spark")

    assert (code, out) == (2, "")
    assert err == (
        "stannary: --engine: TRACE-003: A trace is made by an engine that this program has. "
        "Here: engine=spark, missing=Java 17 or newer. Use --engine exact or --engine arrays, or "
        "install what is missing: the extra spark, and Java 17 or newer.\n"
    )
    monkeypatch.setitem(sys.modules, "stannary.engines.spark", None)
    assert "TRACE-003" in run("L-2041", "--engine", "spark")[2]
    assert run("L-2041", "--engine", "exact")[0] == 0


@pytest.mark.parametrize(
    "words", [("L-2041", "U-301", "N-101"), ("example-north-mine", "--forward")]
)
def test_the_engine_of_a_cluster_says_the_same(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tasks are done here, one after the other; on a cluster they are in tests/engines/spark."""
    monkeypatch.setattr(spark, "session", lambda *_, **__: nullcontext())
    monkeypatch.setattr(spark, "SparkRunner", lambda _: Inline())

    assert run(*words, "--engine", "spark") == run(*words)


@pytest.mark.parametrize(
    "words", [("L-2041", "U-301", "N-101"), ("example-north-mine", "--forward")]
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_engine_of_arrays_says_the_same(
    run: Run, words: tuple[str, ...], options: tuple[str, ...]
) -> None:
    assert run(*words, *options, "--engine", "arrays") == run(*words, *options)


@pytest.mark.parametrize("form", ["xlsx", "parquet", "epcis"])
def test_the_engine_of_arrays_reads_every_form_of_a_file(
    run: Run, tmp_path: Path, form: str
) -> None:
    rows = read_movements(LITHIUM)
    if form == "epcis":
        content = json.dumps(write_epcis(rows)).encode()
    else:
        content = write_movements_xlsx(rows) if form == "xlsx" else write_movements_parquet(rows)
    file = tmp_path / f"moves.{form}"
    file.write_bytes(content)

    result = run("L-2041", "--json", "--engine", "arrays", movements=str(file))

    assert result == run("L-2041", "--json", movements=str(file))
    assert json.loads(result[1]) == PRODUCT


@pytest.mark.parametrize("words", [("Z",), ("L-2041", "Z"), ("Z", "--forward")])
def test_the_engine_of_arrays_refuses_in_the_same_words(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words, "--engine", "arrays") == run(*words)
    assert run(*words, "--engine", "arrays")[0] == 2


def test_the_engine_of_arrays_needs_its_packages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stannary.engines.provenance", None)

    code, out, err = run("L-2041", "--engine", "arrays")

    assert (code, out) == (2, "")
    assert err.startswith("stannary: --engine: ENGINE-003: ")


def test_an_engine_that_nobody_knows_is_a_wrong_call(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run("L-2041", "--engine", "abacus")

    assert caught.value.code == 2
    assert "abacus" in capsys.readouterr().err


LITHIUM_LINES = Path(LITHIUM).read_text(encoding="utf-8").splitlines(keepends=True)


def edited(old: str, new: str) -> str:
    text = "".join(LITHIUM_LINES)
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (edited("U-301,out", "N-101,out"), "CUSTODY-001", 30),
        (edited("B-401,out,blended concentrate,20000000000", "B-401,out,x,19999999999"), "CUSTODY-002", 35),
        (edited("N-101,in,", "N-999,in,"), "CUSTODY-003", 31),
        (edited("E-10,2026-02-05", "E-10,2026-01-13"), "CUSTODY-004", 32),
        (edited("L-2041,move", "L-2042,move"), "CUSTODY-003", 57),
        (edited("S-203,in,spodumene concentrate,5000000000", "S-203,in,x,5000000001"), "CUSTODY-006", 38),
        (edited("C-501,out,lithium carbonate,1412460000,266000000", "C-501,out,x,1412460000,294000001"), "CUSTODY-008", 47),
        (edited("C-501,out,lithium carbonate,1412460000", "C-501,out,x,18587540001"), "CUSTODY-009", 47),
        (edited("B-402,move,blended concentrate,20000000000", "B-402,move,x,20000000001"), "CUSTODY-011", 43),
    ],
)  # fmt: skip
def test_a_defect_of_lots_or_masses_stops_the_trace_with_its_line(
    run: Run, file: Callable[[str, str], str], text: str, code: str, line: int
) -> None:
    path = file("moves.csv", text)

    result = run("L-2041", movements=path)

    assert run("L-2041", "--engine", "arrays", movements=path) == result
    assert result[:2] == (2, "")
    assert result[2].startswith(f"stannary: {path}, line {line}"), result[2]
    assert f": {code}: " in result[2]


def test_who_holds_a_lot_does_not_matter_to_the_trace(
    run: Run, file: Callable[[str, str], str]
) -> None:
    moves = "".join(line for line in LITHIUM_LINES if ",ship," not in line)

    result = run("L-2041", "--json", movements=file("moves.csv", moves))

    assert result[0] == 0
    assert json.loads(result[1]) == PRODUCT


def test_rules_of_a_pack_are_taken(run: Run) -> None:
    assert run("L-2041", "--rules", "stannary/open-custody/0.1") == run("L-2041")


def test_standard_input_is_a_dash(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = Path(LITHIUM).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    assert run("L-2041", movements="-") == run("L-2041")


MINED = """\
event,at,kind,site,entity,lot,side,material,mass_mg,account
E1,2026-01-05T08:00:00Z,produce,north,Miner,L1,out,ore,1000,
E2,2026-01-06T08:00:00Z,purchase,port,Miner,L2,out,ore,1000,
E3,2026-01-07T08:00:00Z,blend,port,Miner,L1,in,ore,500,
E3,2026-01-07T08:00:00Z,blend,port,Miner,L2,in,ore,500,
E3,2026-01-07T08:00:00Z,blend,port,Miner,L3,out,ore,1000,
K1,2026-02-07T08:00:00Z,correct,port,Miner,L1,in,ore,250,{restates}
K1,2026-02-07T08:00:00Z,correct,port,Miner,L2,in,ore,750,{restates}
K1,2026-02-07T08:00:00Z,correct,port,Miner,L3,out,ore,1000,{restates}
"""


@pytest.mark.parametrize("engine", ["exact", "arrays"])
def test_a_corrected_event_counts_as_its_correction_says(
    run: Run, file: Callable[[str, str], str], engine: str
) -> None:
    path = file("moves.csv", MINED.format(restates="E3"))

    code, out, _ = run("L3", "--engine", engine, "--json", movements=path)

    assert (code, json.loads(out)["unknown_share"]) == (0, "0.750000000000")


def test_a_correction_that_restates_nothing_stops_a_trace(
    run: Run, file: Callable[[str, str], str]
) -> None:
    code, out, err = run("L3", movements=file("moves.csv", MINED.format(restates="E9")))

    assert (code, out) == (2, "")
    assert ", line 7: CUSTODY-093: " in err

"""What every benchmark says of its gates: in the form of the contract, printed, and as an exit code."""

import json
from collections.abc import Iterable
from typing import Any

from benchmarks.run import RESULTS

Entry = dict[str, Any]


def ratio_gate(text: str, seen: float, note: str) -> Entry:
    """Write a gate that holds from a ratio of 1 on: how often what was seen fits into its limit."""
    seen = round(seen, 2)
    return {
        "gate": text,
        "unit": "ratio",
        "demand": 1.0,
        "seen": seen,
        "holds": seen >= 1,
        "note": note,
    }


def store(name: str, result: Entry) -> None:
    """Keep a result beside those of the other benchmarks."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")


def tell(gates: Iterable[Entry]) -> int:
    """Print gates, and give the exit code: 1 if one does not hold."""
    failed = 0
    for one in gates:
        verdict = "holds" if one["holds"] else "FAILS"
        seen = f"{one['seen']} (at least {one['demand']})"
        print(f"{verdict}  {seen}  {one['gate']}; {one['note']}")
        failed |= not one["holds"]
    return int(failed)

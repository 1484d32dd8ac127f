"""Write what posting and its faults were measured to do into docs/explanation/posting.md.

Called at the end of a full run of either; the figures are those of `benchmarks/results`.

    python -m benchmarks.posting_table
"""

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.run import RESULTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "posting.md"
BEGIN, END = "<!-- written by benchmarks/posting_table.py -->", "<!-- until here -->"

Entry = dict[str, Any]


def read(name: str) -> Entry:
    """Read the results of the last full run."""
    result: Entry = json.loads((RESULTS / f"{name}.json").read_text())
    return result


def of_speed(result: Entry) -> list[str]:
    """Give a line for each gate, and for the share of a bare COPY."""
    lines = [
        f"| {one['gate']} | at least {one['demand']:.0f} times | {one['seen']:.0f} times |"
        for one in result["gates"]
    ]
    for row in result["rows"]:
        share = row.get("share_that_the_sequencer_reaches")
        if share:
            lines.append(
                f"| sequencer, 8 clients, against a {row['what']} | to be told | {100 * share[1]:.0f} % of its rows a second |"
            )
    return lines


def of_faults(result: Entry) -> list[str]:
    """Give a line for each way in which something was broken."""
    lines = []
    for one in result["gates"]:
        what = one["gate"].partition(":")[0]
        wanted, seen = ("none", str(one["seen"] or "none"))
        if one["demand"]:
            wanted, seen = "a loss is seen", "seen" if one["holds"] else "not seen"
        lines.append(f"| {what}: {one['note']} | {wanted} | {seen} |")
    lines += [
        f"| {row['what']} | | **not tried**: {row['not_possible']} |"
        for row in result["rows"]
        if "not_possible" in row
    ]
    return lines


def table() -> str:
    """Give both tables."""
    speed, faults = read("posting"), read("faults")
    before = speed["controls"]["before"]
    on_speed = (
        f"Speed, on {speed['at'][:10]}, {speed['machine']['cores']} cores, a load of {before['load']}"
        f" before it began, a write of 4 KiB to the disk in {before['fdatasync_4k_us_p50']} µs:"
    )
    on_faults = (
        f"Faults, on {faults['at'][:10]}: postings that were acknowledged and are gone, doubled or"
        " changed, and books that do not add up:"
    )
    head = ["| what | demanded | seen |", "|---|---|---|"]
    return "\n".join(
        [on_speed, "", *head, *of_speed(speed), "", on_faults, "", *head, *of_faults(faults)]
    )


def write() -> None:
    """Put the tables into the page."""
    text = PAGE.read_text()
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: f"{BEGIN}\n\n{table()}\n\n{END}", text))


if __name__ == "__main__":
    write()

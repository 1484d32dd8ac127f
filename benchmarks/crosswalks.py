"""Speed of crosswalks: 2,000 × 2,000 requirements with 4,000 links, every answer checked.

A co-audit plan and a gap report are each made within two seconds, with the crosswalk read from
its file as a third row. What they say is compared with a scan of every link for every requirement.
"""

import datetime
import platform
import statistics
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

from benchmarks.gates import Entry, ratio_gate, store, tell
from benchmarks.run import control, milliseconds

from stannary.core.crosswalks import (
    CoAuditPlan,
    Crosswalk,
    GapReport,
    GapState,
    Link,
    NeedState,
    Relation,
    check_crosswalk,
    co_audit_plan,
    gap_report,
)
from stannary.core.kernel import Mark
from stannary.core.standards import Chapter, Edition, Rating, Requirement
from stannary.formats.crosswalks import load_crosswalk, write_crosswalk_toml

CHAPTERS, EACH = 40, 50
LIMIT_MS = 2000
DAY = datetime.date(2026, 11, 22)
KINDS = (
    (Relation.EQUAL, Fraction(1), Fraction(1)),
    (Relation.SUBSET, Fraction(1, 3), Fraction(1)),
    (Relation.SUPERSET, Fraction(1), Fraction(1, 3)),
    (Relation.INTERSECTS, Fraction(1, 2), Fraction(2, 3)),
    (Relation.NONE, Fraction(0), Fraction(0)),
)


def edition(name: str) -> Edition:
    """Make up a standard of 40 chapters with 50 requirements each."""
    chapters = [f"1.{number}" for number in range(1, CHAPTERS + 1)]
    return Edition(
        kind="assurance", publisher="example", standard=name, edition="1", title=name, short_title=name,
        summary="", language="en", licence="CC0-1.0", in_force_from=DAY, requirements_complete=True,
        texts="full",
        chapters=tuple(Chapter(one, "1", one, "", Mark.OWN) for one in chapters),
        requirements=tuple(
            Requirement(
                f"{one}.1.{n}", one, "Made up", "Something is so.", critical=False, applies="", why="",
                evidence="", source="", mark=Mark.OWN,
            )
            for one in chapters
            for n in range(1, EACH + 1)
        ),
    )  # fmt: skip


def judged(first: Edition, second: Edition) -> Crosswalk:
    """Make up two links for each requirement, of every relation in turn."""
    there = [one.id for one in second.requirements]
    links = []
    for place, one in enumerate(first.requirements):
        for step in (0, 7):
            relation, coverage, back = KINDS[(place + step) % len(KINDS)]
            other = there[(place * 3 + step) % len(there)]
            links.append(
                Link(one.id, other, relation, coverage, back, "Read side by side.", "Reader", DAY)
            )
    return Crosswalk(
        first.id, second.id, "Made up", "", "en", "CC0-1.0", "made up", Mark.OWN, tuple(links)
    )


def check(
    plan: CoAuditPlan, report: GapReport, crosswalk: Crosswalk, ratings: dict[str, Rating]
) -> None:
    """Compare what was computed with a scan of every link for every requirement."""
    needs = plan.needs[crosswalk.second]
    for need, gap in zip(needs, report.gaps, strict=True):
        links = [
            link
            for link in crosswalk.links
            if link.second == need.requirement.id and link.relation is not Relation.NONE
        ]
        floor = max((link.coverage for link in links), default=Fraction(0))
        state = (
            NeedState.COVERED if floor == 1 else NeedState.REST if floor else NeedState.UNEXAMINED
        )
        shown = any(link.coverage == 1 and ratings[link.first] is Rating.FULLY for link in links)
        if need.cover.state is not state or shown != (gap.state is GapState.SHOWN):
            sys.exit(f"the two disagree on {need.requirement.id}")


def gate(what: str, seen_ms: float) -> Entry:
    """Say how often a piece of work fits into two seconds."""
    what = f"{what} for 2,000 × 2,000 requirements with 4,000 links takes less than 2 s"
    note = f"peer: the limit of {LIMIT_MS} ms; every answer equals that of a scan of all links"
    return ratio_gate(what, LIMIT_MS / seen_ms, note)


def run() -> Entry:
    """Measure, check, and give what is stored."""
    before = statistics.median(control())
    first, second = edition("first"), edition("second")
    crosswalk = judged(first, second)
    if check_crosswalk(crosswalk, first, second):
        sys.exit("the made-up crosswalk does not hold")
    ratings = {one.id: tuple(Rating)[n % 6] for n, one in enumerate(first.requirements)}

    def plan() -> CoAuditPlan:
        # A new crosswalk, so that no index is ready before the clock runs.
        return co_audit_plan(first, [second], [judged_again(crosswalk)])

    def report() -> GapReport:
        return gap_report(judged_again(crosswalk), first, second, ratings)

    check(plan(), report(), crosswalk, ratings)
    plan_ms = statistics.median(milliseconds(plan))
    report_ms = statistics.median(milliseconds(report))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made-up.toml"
        file.write_text(write_crosswalk_toml(crosswalk), encoding="utf-8")
        read_ms = statistics.median(milliseconds(lambda: load_crosswalk(file), runs=3))
    check_ms = statistics.median(milliseconds(lambda: check_crosswalk(crosswalk, first, second)))
    size = {"requirements": len(first.requirements), "links": len(crosswalk.links)}
    return {
        "name": "crosswalks",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "controls": {"loop_ms_before": before, "loop_ms_after": statistics.median(control())},
        "gates": [gate("a co-audit plan", plan_ms), gate("a gap report", report_ms)],
        "rows": [
            {"what": "co-audit plan", **size, "ms": plan_ms},
            {"what": "gap report", **size, "ms": report_ms},
            {"what": "checking the crosswalk", **size, "ms": check_ms},
            {"what": "reading it from TOML, with the line of each key", **size, "ms": read_ms},
        ],
    }


def judged_again(crosswalk: Crosswalk) -> Crosswalk:
    """Give the same crosswalk without what it remembers of earlier questions."""
    return crosswalk.turned().turned()


def main() -> int:
    """Run, print and store the results; exit 1 if a gate does not hold."""
    result = run()
    store("crosswalks", result)
    for row in result["rows"]:
        print(f"  {row['what']}: {row['ms']:.1f} ms")
    return tell(result["gates"])


if __name__ == "__main__":
    sys.exit(main())

"""Make the base map: world.svg, land without borders, from Natural Earth's public-domain data.

    python scripts/build_map.py

writes assets/stannary/world.svg in STANNARY_HOME (default: ./var). The data come from the packages pinned in
requirements/map.txt, which are put into a folder that is thrown away afterwards. Borders are left out because
many are disputed: edges that two countries share cancel each other out. The pages work with less when this
file is missing.
"""

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from stannary.web.parties.projection import HEIGHT, SOUTH, WIDTH, project

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements" / "map.txt"
SHAPES = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres.shp"
MAX_BYTES = 90_000
LEAST_AREA = 0.05  # square units of the map: smaller islands would not be a pixel

Point = tuple[float, float]
Ring = list[Point]


def read_rings(folder: Path) -> list[Ring]:
    """Read the outlines of all countries, each ring closed, as longitude and latitude."""
    sys.path.insert(0, str(folder))
    import shapefile  # noqa: PLC0415 - it is only there once the packages have been unpacked

    rings: list[Ring] = []
    with shapefile.Reader(str(folder / SHAPES)) as reader:
        for shape in reader.iterShapes():
            ends = [*shape.parts, len(shape.points)]
            rings += [
                [(float(x), float(y)) for x, y in shape.points[start:end]]
                for start, end in pairwise(ends)
            ]
    return rings


def without_borders(rings: Iterable[Ring]) -> list[Ring]:
    """Join countries to land: drop every edge that is there in both directions, rejoin the rest."""
    edges = {edge for ring in rings for edge in pairwise(ring)}
    after: dict[Point, list[Point]] = defaultdict(list)
    for start, end in sorted(edges):
        if (end, start) not in edges:
            after[start].append(end)
    land: list[Ring] = []
    for start in sorted(after):
        while after[start]:
            ring = [start]
            while after[ring[-1]]:
                ring.append(after[ring[-1]].pop())
            land.append(ring)
    return land


def path_of(ring: Sequence[Point]) -> str:
    """Draw a ring with steps of a tenth of a unit; empty where it is too small or far south."""
    if max(latitude for _, latitude in ring) < SOUTH:
        return ""
    points = [
        (round(10 * x), round(10 * y))
        for x, y in (project(latitude, longitude) for longitude, latitude in ring)
    ]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))
    if abs(area) / 200 < LEAST_AREA:
        return ""
    (x, y), steps = points[0], []
    for to_x, to_y in points[1:-1]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{_tenth(to_x - x)} {_tenth(to_y - y)}")
            x, y = to_x, to_y
    first = f"{_tenth(points[0][0])} {_tenth(points[0][1])}"
    return f"M{first}l{' '.join(steps)}z".replace(" -", "-")


def _tenth(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    number = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{number}" if tenths < 0 else number


def drawing(land: Iterable[Ring]) -> str:
    """Draw the land as one path that is pale by day and dark by night."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        "<style>path{fill:#d9d8cf}@media(prefers-color-scheme:dark){path{fill:#343c40}}</style>"
        f'<path fill-rule="evenodd" d="{"".join(path_of(ring) for ring in land)}"/></svg>\n'
    )


def main() -> int:
    """Unpack the data, draw, write; leave a map that is already there as it is."""
    root = REQUIREMENTS.parent.parent
    home = Path(os.environ.get("STANNARY_HOME") or root / "var")
    target = home / "assets" / "stannary" / "world.svg"
    if target.exists():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        command = ["uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        command += ["-r", str(REQUIREMENTS), "--target", folder]
        done = subprocess.run([sys.executable, "-m", *command], check=False)  # noqa: S603 - our own words only
        if done.returncode:
            print(
                "stannary: the base map could not be fetched; maps will show without land.",
                file=sys.stderr,
            )
            return 1
        text = drawing(without_borders(read_rings(Path(folder))))
    if len(text) > MAX_BYTES:
        print(
            f"stannary: the base map has {len(text)} bytes, more than {MAX_BYTES}.", file=sys.stderr
        )
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(text, encoding="ascii")
    part.replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Files of published facts that tests change one thing of."""

from pathlib import Path

SITE = """slug = "{slug}"
name = "Made-up Mine"
other_names = ["Old Name"]
country = "BR"
country_mark = "S"
materials = ["iron", "lithium"]
operator = {{ value = "Made-up Operator", note = "", source = "example.org/1", mark = "S" }}
firm = {{ value = "Made-up Firm", source = "example.org/2", mark = "S2" }}
standard = "irma/mining/1.0"
status = "published"
level = {{ value = "IRMA-50", source = "example.org/3", mark = "S" }}
place = {{ latitude = "-19.0", longitude = "-43.5", radius_km = 50, source = "an atlas", mark = "GK" }}
note = ""

[[fact]]
kind = "initial_release"
on = "2024-02-07"
text = "Report published"
source = "example.org/4"
mark = "S"

[[fact]]
kind = "visit"
on = "2023-05-01"
until = "2023-05-03"
text = "Visit"
source = "example.org/5"
mark = "S2"
"""
FIGURES = """[[figure]]
key = "2026-02-independent-assessment"
value = 27
text = "Sites in independent assessment"
on = "2026-02"
source = "example.org/6"
mark = "SEED"
"""


def write(folder: Path, text: str = SITE, *, slug: str = "made-up", figures: str = FIGURES) -> Path:
    """Write a folder of published facts with one site."""
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / f"{slug}.toml").write_text(text.format(slug=slug), encoding="utf-8")
    (folder / "figures.toml").write_text(figures, encoding="utf-8")
    return folder

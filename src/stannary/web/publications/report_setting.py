"""A report is set in a process of its own: it reads one folder, no network, and has an end.

The folder holds the template and its data and is deleted afterwards. Package downloads are sent
nowhere, and what takes too long or too much memory is stopped. So a template can do no more harm
than look ugly.

Rules: PUBLICATION-040.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import noto_cjk_sans_otc

from stannary.core.kernel import Place, refuse
from stannary.web.publications import rules
from stannary.web.publications.report_templates import DATA, MAIN, Template

CHILD = Path(__file__).with_name("report_child.py")
SECONDS_MAX = 120
NOWHERE = "http://127.0.0.1:9"
"""A proxy that answers nobody: the discard port of this machine."""
LATIN = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
HAN = Path(noto_cjk_sans_otc.__file__).parent / "NotoSansCJK-Regular.ttc"
_SPOT = re.compile(r"┌─ (?P<file>.+?):(?P<line>\d+):(?P<column>\d+)")


def set_pdf(template: Template, data: Mapping[str, Any]) -> bytes:
    """Set a report.

    Args:
        template: Which; it is given the data as a file.
        data: What the report shows.

    Returns:
        The whole PDF, PDF/UA-1 and PDF/A-2a; the same template and data give the same bytes.

    Raises:
        RefusalError: PUBLICATION-040 with file and line where the template cannot be set.
    """
    with tempfile.TemporaryDirectory(prefix="stannary-report-") as place:
        folder = Path(place) / "template"
        for name, content in template.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        (folder / DATA).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (Path(place) / "packages").mkdir()
        target = Path(place) / "report.pdf"
        answer = _child(folder, Path(place) / "packages", target)
        if "problem" in answer:
            _refuse(answer, folder)
        return target.read_bytes()


def _child(folder: Path, packages: Path, target: Path) -> dict[str, str]:
    order = {
        "main": str(folder / MAIN),
        "root": str(folder),
        "packages": str(packages),
        "fonts": [str(LATIN.parent), str(HAN.parent), str(folder)],
        "target": str(target),
        "seconds": SECONDS_MAX,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", str(CHILD)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_MAX,
            env=_environment(),
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        return {"problem": f"not set within {SECONDS_MAX} seconds", "diagnostic": ""}
    if done.returncode != 0 or not done.stdout:
        return {"problem": "setting it took too long or too much memory", "diagnostic": ""}
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@cache
def _environment() -> Mapping[str, str]:
    """Give the child nothing of ours: no secrets, no home, a network that leads nowhere."""
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    names = {name: NOWHERE for each in proxies for name in (each, each.lower())}
    path = {"PATH": os.environ.get("PATH", "")}
    return {**names, **path, "NO_PROXY": "", "no_proxy": "", "LC_ALL": "C.UTF-8"}


def _refuse(answer: Mapping[str, str], folder: Path) -> None:
    """Refuse with what the setter says, its place, and nothing about this machine's folders."""
    spot = _SPOT.search(answer["diagnostic"])
    problem = answer["problem"].replace(f"{folder}/", "").replace(str(folder), ".")[:200]
    at = Place(MAIN) if spot is None else Place(spot["file"], int(spot["line"]))
    refuse(rules.TEMPLATE_CAN_BE_SET, at=at, problem=problem)

"""Guards of form: each looks at the tree below a root and names everything that breaks it.

They are functions of a root, so that test_guards_bite.py can show each of them a broken tree.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from django.db import models

MODULE_LINES = 600
FUNCTION_LINES = 60

# What these guards look for is put together, so that this file does not contain it.
UNFINISHED = re.compile(r"\b(?:" + "|".join(("FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
CALLED_CERTIFIED = re.compile(r"certified\s+(?:mine|site)", re.IGNORECASE)
MACHINE_FOLDERS = re.compile(r"(?<![\w.~:/-])/(?:work|root|home|Users)/[\w.-]+")

NOT_OURS = {".git", ".venv", "var", "build", "dist", "htmlcov", "node_modules", "test-results"}
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".js",
    ".css",
    ".sh",
    ".in",
    ".po",
    ".csv",
    ".json",
    ".svg",
    ".typ",
    "",
}

FLOW = (
    ("parties",),
    ("transparency_log",),
    ("standards",),
    ("crosswalks",),
    ("independence",),
    ("cycle",),
    ("evidence",),
    ("assessments",),
    ("notebook",),
    ("corrections", "stakeholders"),
    ("publications",),
    ("entities",),
    ("attestations", "custody"),
    ("transactions",),
    ("claims", "totals"),
    ("restatements",),
    ("verification", "register"),
)
"""Web apps in the order of the flow, those of one rank together: a key points to an earlier app or stays inside its own."""

APART = ({"assessments", "publications", "attestations"}, {"custody"})
"""Assurance and custody name each other by identifier only."""

NOT_OURS_APPS = {"auth", "contenttypes", "sessions", "account", "mfa"}
"""Apps of libraries; their keys point where they must."""

WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_OF_A_MANAGER = {"create", "update", "acreate", "aupdate"}


def our_files(root: Path) -> Iterator[Path]:
    """Give the text files of the project, without what is installed, built or remembered."""
    found = []
    for folder, inner, files in os.walk(root):
        top = Path(folder) == root
        inner[:] = [name for name in inner if not (_left_out(name) or (top and name in NOT_OURS))]
        names = [name for name in files if not (_left_out(name) or (top and name in NOT_OURS))]
        found += [Path(folder, name) for name in names]
    yield from sorted(path for path in found if path.suffix in TEXTS and path.is_file())


def _left_out(name: str) -> bool:
    hidden = name.startswith(".") and name not in (".ci", ".gitignore")
    return hidden or name == "__pycache__" or ".egg-info" in name


def modules(root: Path, below: str = "src") -> Iterator[tuple[str, ast.Module]]:
    """Give the Python modules below a folder as name and syntax tree."""
    for path in our_files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py" and name.startswith(f"{below}/"):
            yield name, _parsed(path.read_text(encoding="utf-8"), name)


@cache
def _parsed(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def long_modules(root: Path) -> list[str]:
    """Name the modules of src that are longer than they may be."""
    counts = ((name, (root / name).read_bytes().count(b"\n")) for name, _ in modules(root))
    return [f"{name}: {lines} lines" for name, lines in counts if lines > MODULE_LINES]


def long_functions(root: Path) -> list[str]:
    """Name the functions of src that are longer than they may be."""
    return [
        f"{name}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]


def floats_in_core(root: Path) -> list[str]:
    """Name the places in core where a float is written or made."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules(root, "src/stannary/core")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("float", "complex")
        )
    ]


def declared_codes(root: Path) -> list[tuple[str, str]]:
    """Give code and module of every Rule that is made in src, repetitions included."""
    return [
        (keyword.value.value, name)
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule"
        for keyword in node.keywords
        if keyword.arg == "code"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    ]


def repeated_codes(root: Path) -> list[str]:
    """Name the codes that two rules have, and codes of another form."""
    first: dict[str, str] = {}
    wrong: list[str] = []
    for code, name in declared_codes(root):
        if code in first:
            wrong.append(f"{code}: {first[code]} and {name}")
        if not re.fullmatch(r"[A-Z]+-[0-9]{3}", code):
            wrong.append(f"{code}: {name}")
        first.setdefault(code, name)
    return wrong


def core_rules_elsewhere(root: Path) -> list[str]:
    """Name the rules of core that are declared outside of their context's rules.py."""
    return [
        f"{code}: {name}"
        for code, name in declared_codes(root)
        if name.startswith("src/stannary/core/") and not name.endswith("/rules.py")
    ]


def untested_codes(root: Path) -> list[str]:
    """Name the codes that no test names; the guards themselves do not count."""
    tests = [path for path in our_files(root) if path.suffix == ".py"]
    texts = [
        path.read_text(encoding="utf-8")
        for path in tests
        if path.relative_to(root).parts[0] == "tests" and path.parent.name != "tidy"
    ]
    named = set(re.findall(r"[A-Z]+-[0-9]{3}", "\n".join(texts)))
    return [f"{code}: {name}" for code, name in declared_codes(root) if code not in named]


def undocumented_codes(root: Path) -> list[str]:
    """Name the codes that the page of rules does not have."""
    page = root / "docs" / "reference" / "rules.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    listed = set(re.findall(r"^\| ([A-Z]+-[0-9]{3}) \|", text, re.MULTILINE))
    return [f"{code}: {name}" for code, name in declared_codes(root) if code not in listed]


def core_modules_without_tests(root: Path, types_only: Mapping[str, str]) -> list[str]:
    """Name the modules of core with functions and without a test file of their name.

    `types_only` gives the reason for those that need none; a reason for a module that has a test
    file, or is not there, is named too.
    """
    wrong: list[str] = []
    known: set[str] = set()
    for name, tree in modules(root, "src/stannary/core"):
        path = Path(name)
        module = "/".join(path.parts[3:])
        test = root.joinpath("tests", *path.parts[2:-1], f"test_{path.name}")
        functions = any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))
        known.add(module)
        if functions and not test.exists() and module not in types_only:
            wrong.append(f"{name}: {test.relative_to(root).as_posix()} is missing")
        if module in types_only and (test.exists() or not functions):
            wrong.append(f"{module}: needs no reason")
    return wrong + [f"{module}: is not there" for module in types_only if module not in known]


def found_in(root: Path, pattern: re.Pattern[str], folders: Sequence[str] = ()) -> list[str]:
    """Name the lines of our files where a pattern is found; without folders in all files."""
    wrong: list[str] = []
    for path in our_files(root):
        name = path.relative_to(root)
        if folders and name.parts[0] not in folders:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = pattern.search(line)
            if found:
                wrong.append(f"{name.as_posix()}:{number}: {found[0]}")
    return wrong


def unfinished(root: Path) -> list[str]:
    """Name the marks of unfinished work."""
    return found_in(root, UNFINISHED, ("src", "tests", "scripts", "benchmarks", "docs"))


def called_certified(root: Path) -> list[str]:
    """Name the places that call a mine what the scheme says it is not."""
    return found_in(root, CALLED_CERTIFIED, ("src", "docs", "README.md"))


def addresses_in_locks(root: Path) -> list[str]:
    """Name the places where a list of packages tells from where they came."""
    return found_in(root, re.compile("://"), ("requirements",))


def paths_of_this_machine(root: Path, *folders: Path) -> list[str]:
    """Name the places that show a folder of the machine on which they were written."""
    exact = "|".join(re.escape(str(folder)) for folder in folders if len(folder.parts) > 2)
    pattern = (
        f"{MACHINE_FOLDERS.pattern}|(?:{exact})(?![\\w.-])" if exact else MACHINE_FOLDERS.pattern
    )
    return found_in(root, re.compile(pattern))


def keys_along_the_flow(those: Iterable[type[models.Model]]) -> list[str]:
    """Name the keys that point along the flow instead of against it, written as a string or not."""
    rank = {app: place for place, apps in enumerate(FLOW) for app in apps}
    wrong: list[str] = []
    for model in those:
        here = model._meta.app_label
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            if target is None:
                continue
            there = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
            name = f"{here}.{model.__name__}.{field.name} -> {there}"
            if here in rank and there in rank:
                if _ahead(here, there, rank) or _apart(here, there):
                    wrong.append(name)
            elif there in rank or (here not in rank and here not in NOT_OURS_APPS):
                wrong.append(f"{name}: put the app into FLOW")
    return wrong


def _ahead(here: str, there: str, rank: Mapping[str, int]) -> bool:
    return there != here and rank[there] >= rank[here]


def _apart(here: str, there: str) -> bool:
    return any(here in one and there in other for one, other in (APART, APART[::-1]))


def writes_outside_operations(root: Path) -> list[str]:
    """Name the places in the web that write rows and are not operations, migrations or commands."""
    wrong: list[str] = []
    for name, tree in modules(root, "src/stannary/web"):
        path = Path(name)
        if path.name == "operations.py" or {"migrations", "management"} & set(path.parts):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            method = node.func.attr
            receiver = ast.unparse(node.func.value)
            of_a_manager = re.search(r"\bobjects\b|_set\b|\.filter\(|\.exclude\(|\.all\(", receiver)
            if method in WRITES or (method in WRITES_OF_A_MANAGER and of_a_manager):
                wrong.append(f"{name}:{node.lineno}: {receiver}.{method}")
    return wrong

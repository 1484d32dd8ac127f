"""Every fact that a rule names in a finding has a name for people: web/project/facts.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import stannary
from stannary.web.project.facts import FACTS, name_of

SOURCE = Path(stannary.__file__).parent
TOLD_BY = ("Finding", "refuse", "_refuse")
HOLDS_NAMES = (ast.Dict, ast.BinOp, ast.IfExp, ast.Call, ast.Name)


def facts_of(text: str) -> Iterator[str]:
    """Give the names of facts that a module writes down beside its findings.

    They are keywords of `refuse`, and keys of dictionaries that are given to a finding, whether there
    and then, by a variable, or by a function of the module.
    """
    nodes = list(ast.walk(ast.parse(text)))
    by_name = _dictionaries(nodes)
    for node in nodes:
        if not isinstance(node, ast.Call) or _name(node.func) not in TOLD_BY:
            continue
        given = [
            *node.args[1:2],
            *(one.value for one in node.keywords if one.arg in (None, "facts")),
        ]
        for one in given:
            yield from _keys(one, by_name, set())
        if _name(node.func) != "Finding":
            yield from (one.arg for one in node.keywords if one.arg not in (None, "at"))


def _dictionaries(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """Give what variables and functions of a module may hold, by their name."""
    found: dict[str, list[ast.expr]] = {}

    def keep(target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Subscript):
            keep(target.value, ast.Dict(keys=[target.slice], values=[value or target.slice]))
        elif value is not None:
            found.setdefault(_name(target), []).append(value)

    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                keep(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            keep(node.target, node.value)
        elif isinstance(node, ast.FunctionDef):
            for one in ast.walk(node):
                if isinstance(one, ast.Return) and isinstance(one.value, HOLDS_NAMES):
                    found.setdefault(node.name, []).append(one.value)
    return found


def _keys(node: ast.expr, by_name: dict[str, list[ast.expr]], seen: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                yield from _keys(value, by_name, seen)
            elif isinstance(key, ast.Constant):
                yield str(key.value)
    elif isinstance(node, ast.BinOp):
        yield from _keys(node.left, by_name, seen)
        yield from _keys(node.right, by_name, seen)
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body, by_name, seen)
        yield from _keys(node.orelse, by_name, seen)
    elif isinstance(node, ast.Call | ast.Name):
        name = _name(node.func if isinstance(node, ast.Call) else node)
        if name not in seen:
            for one in by_name.get(name, []):
                yield from _keys(one, by_name, seen | {name})


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("refuse(RULE, at=here, lot=x)", ["lot"]),
        ("Finding(RULE, {'lot': x} | {'mass': y})", ["lot", "mass"]),
        ("facts = {'lot': x}\nFinding(rule=RULE, facts={**facts, 'site': y})", ["lot", "site"]),
        ("def _of(x):\n    return {'lot': x}\nrefuse(RULE, **_of(1))", ["lot"]),
        ("facts['lot'] = 1\nFinding(RULE, facts)", ["lot"]),
        ("facts = {'page': 1}\nrender(facts)", []),
    ],
)
def test_names_of_facts_are_found_where_findings_are_made(text: str, names: list[str]) -> None:
    assert sorted(set(facts_of(text))) == names


def test_every_fact_of_a_finding_has_a_name_for_people() -> None:
    used = {
        name.replace(" ", "_"): str(file.relative_to(SOURCE))
        for file in sorted(SOURCE.rglob("*.py"))
        if "Finding(" in (text := file.read_text("utf-8")) or "refuse(" in text
        for name in facts_of(text)
    }

    missing = {name: file for name, file in used.items() if name not in FACTS}
    assert missing == {}, "add these to web/project/facts.py, and their French"
    assert len(used) > 300


def test_a_fact_is_named_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert name_of("valid_until") == "valable jusqu'au"
        assert name_of("site id") == name_of("site_id") == "identifiant du site"
    assert name_of("valid_until") == "valid until"
    assert name_of("made_up_fact") == "made up fact"

"""The form of the tree: what neither a linter nor a type checker sees."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tidy import guards

ROOT = Path(__file__).resolve().parents[2]

TYPES_ONLY: dict[str, str] = {}
"""Modules of core whose functions need no test file of their own, each with the reason."""


def test_no_module_is_longer_than_600_lines() -> None:
    assert guards.long_modules(ROOT) == []


def test_no_function_is_longer_than_60_lines() -> None:
    assert guards.long_functions(ROOT) == []


def test_core_has_no_float() -> None:
    assert guards.floats_in_core(ROOT) == []


def test_every_code_belongs_to_one_rule() -> None:
    assert len(guards.declared_codes(ROOT)) > 60
    assert guards.repeated_codes(ROOT) == []


def test_rules_of_core_stand_in_the_rules_of_their_context() -> None:
    assert guards.core_rules_elsewhere(ROOT) == []


def test_every_code_is_named_in_a_test() -> None:
    assert guards.untested_codes(ROOT) == []


def test_every_code_is_on_the_page_of_rules() -> None:
    assert guards.undocumented_codes(ROOT) == []


def test_the_page_of_rules_is_what_the_program_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    reference = importlib.import_module("reference")
    rules = reference.declared_rules(ROOT)

    assert reference.PAGE.read_text(encoding="utf-8") == reference.rules_page(rules)
    assert sorted(entry.rule.code for entry in rules) == sorted(
        code for code, _ in guards.declared_codes(ROOT)
    )


def test_every_module_of_core_has_its_test_file() -> None:
    assert guards.core_modules_without_tests(ROOT, TYPES_ONLY) == []


def test_nothing_is_marked_as_unfinished() -> None:
    assert guards.unfinished(ROOT) == []


def test_a_mine_is_assessed_and_never_called_more() -> None:
    assert guards.called_certified(ROOT) == []


def test_lists_of_packages_name_no_place() -> None:
    assert guards.addresses_in_locks(ROOT) == []


def test_no_file_shows_a_folder_of_this_machine() -> None:
    assert guards.paths_of_this_machine(ROOT, ROOT, Path.home()) == []


def test_keys_point_against_the_flow() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("stannary.")]

    assert ours
    assert guards.keys_along_the_flow(ours) == []


def test_every_change_of_a_table_has_its_migration() -> None:
    loader = MigrationLoader(None)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = found.changes(graph=loader.graph)

    assert {app: [str(change) for change in those] for app, those in changes.items()} == {}


def test_only_operations_write() -> None:
    assert guards.writes_outside_operations(ROOT) == []

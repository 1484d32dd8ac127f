"""Every example in a docstring of core, engines, formats and signing gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import stannary

TREES = ("stannary.core.", "stannary.engines.", "stannary.formats.", "stannary.signing.")
MODULES = [
    found.name
    for found in pkgutil.walk_packages(stannary.__path__, "stannary.", onerror=lambda _: None)
    if found.name.startswith(TREES)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)

    assert done.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    examples = [
        example
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
        for example in test.examples
    ]

    assert len(examples) > 40

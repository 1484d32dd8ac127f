import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stannary.formats.packs import shipped_packs
from stannary.formats.toml_lines import KeyPath, key_lines, line_of

TEXT = '''\
# a comment with [brackets] and "quotes
a = 1
"b.c" = """first
"quoted" ""]
last""" # done
d . e = 'literal # not a comment'

[table."with.dots"] # comment
list = [ # comment ]
  { from = 1, words = ["a]", 'b#', "c\\\\"] },

  { from = 2 }, ]
empty = {}
quotes = """""two""\\"""""
none = []
long = \'\'\'
]] \'\'\'

[[many]]
day = 2026-01-01 10:00:00 # comment
[many.inner]
x = true
[[many.deep]]
y = -1_000
[[many.deep]]
y = 0x0f
[[many]]
day = inf
[many.inner]
"\\u0041\\t\\"b" = "end"'''


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Give the path of everything inside of what the reader of the standard library found."""
    items: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        items = iter(value.items())
    elif isinstance(value, list):
        items = iter(enumerate(value))
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def test_every_key_stands_on_its_line() -> None:
    expected: dict[KeyPath, int] = {
        ("a",): 2,
        ("b.c",): 3,
        ("d", "e"): 6,
        ("table", "with.dots"): 8,
        ("table", "with.dots", "list"): 9,
        ("table", "with.dots", "list", 0): 10,
        ("table", "with.dots", "list", 0, "words", 2): 10,
        ("table", "with.dots", "list", 1, "from"): 12,
        ("table", "with.dots", "none"): 15,
        ("table", "with.dots", "long"): 16,
        ("many",): 19,
        ("many", 0): 19,
        ("many", 0, "day"): 20,
        ("many", 0, "inner"): 21,
        ("many", 0, "deep", 0, "y"): 24,
        ("many", 0, "deep", 1): 25,
        ("many", 1): 27,
        ("many", 1, "inner", 'A\t"b'): 30,
    }
    lines = key_lines(TEXT)

    assert {path: lines.get(path) for path in expected} == expected


def test_every_path_that_the_reader_knows_has_a_line() -> None:
    lines = key_lines(TEXT)

    assert [path for path in paths(tomllib.loads(TEXT)) if path not in lines] == []


def test_lines_count_the_same_with_the_line_ends_of_windows() -> None:
    assert key_lines(TEXT.replace("\n", "\r\n")) == key_lines(TEXT)


def test_a_missing_key_is_placed_at_the_table_around_it() -> None:
    lines = key_lines(TEXT)

    assert line_of(lines, ("many", 1, "inner", "missing")) == 29
    assert line_of(lines, ("many", 1, "missing")) == 27
    assert line_of(lines, ("missing",)) is None
    assert line_of(lines, ()) is None


@given(
    st.recursive(
        st.one_of(st.integers(-(10**9), 10**9), st.booleans(), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_value_is_stepped_over_to_its_end(value: object) -> None:
    text = f"before = 1\nvalue = {toml(value)}\nafter = 2"
    tomllib.loads(text)

    assert key_lines(text)[("after",)] == 3


def toml(value: object) -> str:
    """Write a value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(sign):08x}" if escaped(sign) else sign for sign in value) + '"'
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    raise TypeError(value)


def escaped(sign: str) -> bool:
    return sign in '"\\\x7f' or ord(sign) < 32


@pytest.mark.parametrize("folder", shipped_packs(), ids=lambda folder: "/".join(folder.parts[-3:]))
def test_every_key_of_every_shipped_pack_stands_on_a_line_that_shows_it(folder: Path) -> None:
    for file in sorted(folder.rglob("*.toml")):
        text = file.read_text(encoding="utf-8")
        written = text.splitlines()
        lines = key_lines(text)
        for path in paths(tomllib.loads(text)):
            key = path[-1]
            if isinstance(key, str):
                assert key in written[lines[path] - 1], (file.name, path)

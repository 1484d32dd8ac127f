"""Names of countries and materials, from data/reference, in the reader's language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

import stannary

REFERENCE = Path(stannary.__file__).resolve().parent / "data" / "reference"
Names = Mapping[str, Mapping[str, str]]


@cache
def countries() -> Names:
    """Give ISO 3166-1 alpha-2 code to language to name."""
    return _read("countries.toml", "country")


@cache
def materials() -> Names:
    """Give material key to language to name."""
    return _read("materials.toml", "material")


def _read(file: str, table: str) -> Names:
    read: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        (REFERENCE / file).read_text("utf-8")
    )
    return read[table]


def country_name(code: str, language: str | None = None) -> str:
    """Give a country's name; the code itself when it is not known."""
    return _name(countries(), code, language)


def material_name(key: str, language: str | None = None) -> str:
    """Give a material's name; the key itself when it is not known."""
    return _name(materials(), key, language)


def materials_text(keys: str, language: str | None = None) -> str:
    """Name the materials of a site or lot, whose keys are separated by blanks."""
    return ", ".join(material_name(key, language) for key in keys.split())


def every_name(names: Names, key: str) -> tuple[str, ...]:
    """Give a name in all languages, for searching."""
    known = names.get(key, {})
    return tuple(name for language, name in known.items() if language != "symbol") or (key,)


def _name(names: Names, key: str, language: str | None) -> str:
    known = names.get(key, {})
    return known.get(language or get_language() or "en") or known.get("en") or key

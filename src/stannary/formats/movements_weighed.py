"""Lines as they are written at a weighbridge: wet, with moisture and grade, in one zone of time.

A table may weigh wet (`wet_kg` with `moisture_percent`) instead of dry, and say a grade
(`grade_percent`) instead of a content. Both are turned into milligrams, rounded down, and what was
measured stands in the note. A head such as `at +01:00` gives the offset to times without one, so
that a day alone, or a cell that holds a date, says when something happened.

Rules: CUSTODY-036.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NoReturn

from stannary.core.custody import contained_mg, dry_mass_mg
from stannary.core.kernel import MASS_MAX_MG, Place, Rule, gettext_noop, refuse

WET, MOISTURE, GRADE = "wet_kg", "moisture_percent", "grade_percent"
MEASURED = (WET, MOISTURE, GRADE)
MEASURED_ONCE = Rule(
    code="CUSTODY-036",
    demand=gettext_noop(
        "A line weighs dry, or wet with its moisture, and says the content, or the grade: each once, in percent from 0 to 100."
    ),
    source="Stannary contracts, section 2; rulebook 8.3: conversion is a parameter",
    remedy=gettext_noop(
        "Fill in wet_kg and moisture_percent, or mass_kg alone; grade_percent, or content_kg alone. Write percent like 8.5."
    ),
)
_HEAD = re.compile(r"at\s*([+-]\d{2}:\d{2}|Z)", re.ASCII)
_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?)?", re.ASCII)
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,6})?", re.ASCII)
_KILOGRAMS = re.compile(r"(\d{1,13})(?:\.(\d{1,6})0*)?", re.ASCII)
_NOTE = "note"


def meant_by(head: str) -> str:
    """Give the column of the contract for which a head of time stands; any other as it is.

    Example:
        >>> meant_by("at +01:00"), meant_by("lot")
        ('at', 'lot')
    """
    return "at" if _HEAD.fullmatch(head) else head


def as_recorded(fields: Mapping[str, str], place: Place) -> dict[str, str]:
    """Give a line without what was measured wet, as a grade, or in the zone of its head.

    Raises:
        RefusalError: CUSTODY-036 for what is measured twice, by halves, or in no percent.

    Example:
        >>> line = {"wet_kg": "1000", "moisture_percent": "8.5", "grade_percent": "2.8"}
        >>> as_recorded(line, Place("f.csv", 2))["content_mg"]
        '25620000'
    """
    found = {name: text for name, text in fields.items() if name not in MEASURED}
    for head in fields:
        zone = _HEAD.fullmatch(head)
        if zone:
            found["at"] = _timed(found.pop(head), zone[1])
    said = {name: text for name in MEASURED if (text := (fields.get(name) or "").strip())}
    if not said:
        return found
    if WET in said or MOISTURE in said:
        found["mass_mg"] = str(_dry(said, found, place))
        found.pop("mass_kg", None)
    if GRADE in said:
        found["content_mg"] = _content(said, found, place)
        found.pop("content_kg", None)
    if (fields.get("kind") or "").strip() != "retire":  # there the note names who it is for
        measured = " ".join(f"{name}={text}" for name, text in said.items())
        before = (found.get(_NOTE) or "").strip()
        found[_NOTE] = f"{before}; {measured}" if before else measured
    return found


def _timed(text: str, zone: str) -> str:
    local = _LOCAL.fullmatch((text or "").strip())
    if local is None:
        return text
    return f"{local[1]}T{local[2] or '00:00'}{local[3] or ':00'}{zone}"


def _dry(said: Mapping[str, str], found: Mapping[str, str], place: Place) -> int:
    for name in (WET, MOISTURE):
        if name not in said:
            _not_once(place, name, missing=name)
    for name in ("mass_kg", "mass_mg"):
        if (found.get(name) or "").strip():
            _not_once(place, name, also=WET)
    wet = _milligrams(said[WET])
    if wet is None:
        _not_once(place, WET, value=f"{said[WET][:40]} kg")
    return dry_mass_mg(wet, _share(said, MOISTURE, place))


def _content(said: Mapping[str, str], found: Mapping[str, str], place: Place) -> str:
    for name in ("content_kg", "content_mg"):
        if (found.get(name) or "").strip():
            _not_once(place, name, also=GRADE)
    kilograms, milligrams = ((found.get(name) or "").strip() for name in ("mass_kg", "mass_mg"))
    is_whole = milligrams.isascii() and milligrams.isdigit() and len(milligrams) <= _DIGITS
    mass = int(milligrams) if is_whole else _milligrams(kilograms)
    share = _share(said, GRADE, place)
    return "" if mass is None else str(contained_mg(mass, share))  # a faulty mass is told by itself


_DIGITS = len(str(MASS_MAX_MG))


def _milligrams(text: str) -> int | None:
    form = _KILOGRAMS.fullmatch(text)
    return None if form is None else int(form[1] + (form[2] or "").ljust(6, "0"))


def _share(said: Mapping[str, str], name: str, place: Place) -> Fraction:
    text = said[name]
    share = Fraction(text) / 100 if _PERCENT.fullmatch(text) else Fraction(2)
    if share > 1:
        _not_once(place, name, value=f"{text[:40]} %")
    return share


def _not_once(place: Place, column: str, **facts: str) -> NoReturn:
    refuse(MEASURED_ONCE, at=Place(place.file, place.line, column), **facts)

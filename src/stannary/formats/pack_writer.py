"""An edition to a folder of TOML files that is read back as the same edition.

Rules: STANDARD-001, IMPORT-011. What a pack holds beside its edition, cases and the transition from
the edition before it, is not written here and stays when a pack is replaced.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

from stannary.core.kernel import InvariantError, Parameter, Place, Value, refuse
from stannary.core.standards import (
    Chapter,
    ClaimWording,
    Edition,
    Level,
    Principle,
    RatingDefinition,
    Requirement,
    Translation,
)
from stannary.core.standards.rules import FOLDER_IS_FREE, PACK_IS_READABLE
from stannary.formats.packs import load_pack
from stannary.formats.toml_tables import MAX_BYTES

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def pack_texts(edition: Edition) -> dict[str, str]:
    """Give the files of a pack, path inside the pack to text, in the order they are worth reading.

    Raises:
        RefusalError: STANDARD-001 for a file that would be larger than a pack's may be.
    """
    texts = {"standard.toml": standard_toml(edition)}
    for chapter in edition.chapters:
        requirements = edition.requirements_by_chapter[chapter.id]
        texts[f"chapters/{chapter.id}.toml"] = chapter_toml(chapter, requirements)
    if sum(map(len, edition.requirements_by_chapter.values())) > sum(
        len(edition.requirements_by_chapter[chapter.id]) for chapter in edition.chapters
    ):
        raise InvariantError("a requirement in a chapter that the edition does not have")
    for language, translation in edition.translations.items():
        texts[f"i18n/{language}.toml"] = translation_toml(translation)
    for path, text in texts.items():
        size = len(text.encode())
        if size > MAX_BYTES:
            problem = f"{size} bytes, more than {MAX_BYTES}"
            refuse(PACK_IS_READABLE, at=Place(path), problem=problem)
    return texts


def write_pack(edition: Edition, folder: Path, *, replacing: bool = False) -> None:
    """Write a pack, whole or not at all.

    Args:
        edition: Checked.
        folder: Where to; its parent is made if it is not there.
        replacing: Whether a pack that is there may be replaced. Its cases, its transition and
            whatever else is no part of an edition stay.

    Raises:
        RefusalError: IMPORT-011 if the folder is taken; what `load_pack` refuses when a file that
            stays does not fit what is new.
        InvariantError: If what was written is not read back as it was.
        OSError: If it cannot be written.
    """
    check_free(folder, replacing=replacing)
    texts = pack_texts(edition)
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".stannary-", dir=folder.parent) as scratch:
        fresh, old = Path(scratch) / "new", Path(scratch) / "old"
        fresh.mkdir()
        if folder.exists():
            shutil.copytree(folder, fresh, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(fresh / "chapters", ignore_errors=True)
        for path, text in texts.items():
            target = fresh / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(text.encode())
        read = load_pack(fresh)
        ours = {name: read.translations[name] for name in edition.translations}
        if without_places(replace(read, translations=ours)) != without_places(edition):
            raise InvariantError("a pack is not read back as it was written")
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise


def check_free(folder: Path, *, replacing: bool) -> None:
    """Refuse, with IMPORT-011, a folder that may not be written to."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not replacing:
        refuse(FOLDER_IS_FREE, folder=str(folder), holds="something already")
    if not (folder / "standard.toml").is_file():
        refuse(FOLDER_IS_FREE, folder=str(folder), holds="no pack")


def without_places(edition: Edition) -> Edition:
    """Give an edition without the places where its parts were read: two readings compare equal."""
    bare = _bare(edition)
    if not isinstance(bare, Edition):
        raise InvariantError("an edition without places is an edition")
    return bare


def _bare(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: _bare(getattr(value, part.name)) for part in fields(value)}
        if "at" in parts:
            parts["at"] = None
        return type(value)(**parts)
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    if isinstance(value, Mapping):
        return {key: _bare(part) for key, part in value.items()}
    return value


def standard_toml(edition: Edition) -> str:
    """Write the top file of a pack: everything but chapters, requirements and translations."""
    return _joined(_standard(edition))


def chapter_toml(chapter: Chapter, requirements: Iterable[Requirement]) -> str:
    """Write the file of a chapter."""
    return _joined(_chapter(chapter, requirements))


def translation_toml(translation: Translation) -> str:
    """Write the file of a translation."""
    return _joined(_translation(translation))


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _standard(edition: Edition) -> Iterator[str]:
    for name in (
        "kind", "publisher", "standard", "edition", "title", "short_title", "language", "licence",
    ):  # fmt: skip
        yield _pair(name, getattr(edition, name))
    yield f"in_force_from = {edition.in_force_from.isoformat()}"
    yield _pair("requirements_complete", edition.requirements_complete)
    yield _pair("texts", edition.texts)
    yield _pair("summary", edition.summary)
    for principle in edition.principles:
        yield from _principle(principle)
    for definition in edition.ratings:
        yield from _rating(definition)
    for level in edition.levels:
        yield from _level(level)
    for claim in edition.claims:
        yield from _claim(claim)
    for parameter in edition.parameters.values():
        yield from ("", f"[parameters.{_key(parameter.name)}]")
        yield _pair("unit", parameter.unit)
        yield _pair("summary", parameter.summary)
        yield "values = ["
        yield from (f"  {value}," for value in _values(parameter))
        yield "]"


def _principle(principle: Principle) -> Iterator[str]:
    yield from ("", "[[principle]]")
    for name in ("id", "title", "mark", "source"):
        yield _pair(name, str(getattr(principle, name)))


def _rating(definition: RatingDefinition) -> Iterator[str]:
    yield from ("", "[[rating]]")
    yield _pair("code", str(definition.rating))
    yield _pair("title", definition.title)
    yield f"points = {_constant(definition.points)}"


def _level(level: Level) -> Iterator[str]:
    yield from ("", "[[level]]")
    for name in ("code", "title", "summary"):
        yield _pair(name, getattr(level, name))
    for name, test in (
        ("min_principle_share", level.min_principle_share),
        ("critical_at_least", level.critical_at_least),
        ("all_at_least", level.all_at_least),
    ):
        if test is not None:
            yield f"{name} = {_constant(test)}"


def _claim(claim: ClaimWording) -> Iterator[str]:
    yield from ("", "[[claim]]")
    yield _pair("code", claim.code)
    yield _pair("title", claim.title)
    yield f"models = {_list(claim.models)}"
    yield f"min_share = {_constant(claim.min_share)}"
    words = ", ".join(_pair(_key(language), text) for language, text in claim.words.items())
    yield f"words = {{ {words} }}"


def _chapter(chapter: Chapter, requirements: Iterable[Requirement]) -> Iterator[str]:
    for name in ("id", "principle", "title", "mark", "source"):
        yield _pair(name, str(getattr(chapter, name)))
    for section in chapter.sections:
        yield from ("", "[[section]]", _pair("id", section.id), _pair("title", section.title))
    for requirement in requirements:
        yield from ("", "[[requirement]]")
        for name in ("id", "title", "demand"):
            yield _pair(name, getattr(requirement, name))
        yield _pair("critical", requirement.critical)
        for name in ("applies", "why", "evidence", "interview"):
            text = getattr(requirement, name)
            if text or name == "applies":
                yield _pair(name, text)
        if requirement.tags:
            yield f"tags = {_list(requirement.tags)}"
        yield _pair("mark", str(requirement.mark))
        yield _pair("source", requirement.source)


def _translation(translation: Translation) -> Iterator[str]:
    yield _pair("language", translation.language)
    for name in ("title", "summary"):
        if getattr(translation, name):
            yield _pair(name, getattr(translation, name))
    for kind, texts in (
        ("principle", {"title": translation.principles}),
        ("chapter", {"title": translation.chapters}),
        ("section", {"title": translation.sections}),
        (
            "requirement",
            {
                "title": translation.requirement_titles,
                "demand": translation.requirement_demands,
                "of": translation.requirement_of,
            },
        ),
        ("level", {"title": translation.level_titles, "summary": translation.level_summaries}),
        ("rating", {"title": translation.rating_titles}),
    ):
        names = dict.fromkeys(name for those in texts.values() for name in those)
        for name in names:
            yield from ("", f"[{kind}.{_key(name)}]")
            yield from (_pair(key, those[name]) for key, those in texts.items() if name in those)


def _constant(parameter: Parameter) -> str:
    """Write a constant inside a line: one value, or several with their days."""
    values = list(_values(parameter))
    if len(values) == 1 and parameter.values[0].valid_from is None:
        return values[0]
    return "{ values = [\n" + "".join(f"  {value},\n" for value in values) + "] }"


def _values(parameter: Parameter) -> Iterator[str]:
    for dated in parameter.values:
        parts = []
        if dated.valid_from is not None:
            parts.append(f"from = {dated.valid_from.isoformat()}")
        if dated.value is not None:
            parts.append(_pair("value", dated.value))
        parts += [_pair("source", dated.source), _pair("mark", str(dated.mark))]
        parts.append(f"as_of = {dated.as_of.isoformat()}")
        yield "{ " + ", ".join(parts) + " }"


def _pair(key: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"{key} = {'true' if value else 'false'}"
    return f"{key} = {value if isinstance(value, int) else _text(value)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"


def _text(text: str) -> str:
    """Write a basic string of TOML, whose escapes are those of JSON (TOML 1.0, string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

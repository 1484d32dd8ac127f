from dataclasses import replace

from core.standards.made_up import EDITION
from stannary.core.standards import (
    Edition,
    Translation,
    TranslationState,
    source_digest,
    translation_state,
    translation_states,
)

FIRST = EDITION.requirements[0]


def translated(*, of: str | None, demand: str = "Quelque chose est ainsi.") -> Edition:
    french = Translation(
        language="fr",
        title="",
        summary="",
        principles={},
        chapters={},
        requirement_titles={FIRST.id: "Exigence"},
        requirement_demands={FIRST.id: demand} if demand else {},
        level_titles={},
        level_summaries={},
        rating_titles={},
        requirement_of={} if of is None else {FIRST.id: of},
    )
    return replace(EDITION, translations={"fr": french})


def state(edition: Edition, language: str = "fr") -> TranslationState:
    return translation_state(edition, FIRST.id, language)


def test_a_translation_of_todays_text_is_current() -> None:
    assert state(translated(of=source_digest(FIRST))) == TranslationState.CURRENT


def test_a_changed_source_marks_its_translation() -> None:
    changed = replace(FIRST, demand=FIRST.demand + " Always.")
    edition = translated(of=source_digest(FIRST))
    edition = replace(edition, requirements=(changed, *edition.requirements[1:]))

    assert state(edition) == TranslationState.STALE


def test_a_changed_title_marks_it_too_and_other_words_do_not() -> None:
    assert source_digest(replace(FIRST, title="Else")) != source_digest(FIRST)
    assert source_digest(replace(FIRST, why="Because.")) == source_digest(FIRST)


def test_a_translation_that_does_not_say_what_it_was_made_from_is_unchecked() -> None:
    assert state(translated(of=None)) == TranslationState.UNCHECKED


def test_a_title_without_its_demand_is_missing_unless_there_is_no_demand() -> None:
    half = translated(of=source_digest(FIRST), demand="")
    outline = replace(FIRST, demand="")
    short = translated(of=source_digest(outline), demand="")

    assert state(half) == TranslationState.MISSING
    assert state(replace(short, requirements=(outline,))) == TranslationState.CURRENT


def test_every_requirement_has_a_state_and_the_original_is_current() -> None:
    states = translation_states(translated(of=source_digest(FIRST)), "fr")

    assert list(states) == [requirement.id for requirement in EDITION.requirements]
    assert states["1.1.1.2"] == TranslationState.MISSING
    assert state(EDITION, "en") == TranslationState.CURRENT
    assert state(EDITION, "de") == TranslationState.MISSING

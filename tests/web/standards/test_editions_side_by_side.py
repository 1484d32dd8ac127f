"""Two editions at once: when each applies, what became of requirements, tags, translations."""

import datetime
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client

from stannary.core.standards import Edition, MoveKind, source_digest
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.standards import crossings, pages, queries, tag_words, when
from stannary.web.standards.queries import Crossing, Term
from web.standards.conftest import store

pytestmark = pytest.mark.django_db
OPEN = "/standards/stannary/open-mining/0.1/"
NEXT = "/standards/stannary/open-mining/1.0/"
TABLE = f"{NEXT}from/0.1/"
OLD_EDITION = load_pack(find_shipped_pack("stannary/open-mining/0.1"))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def words(text: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_both_editions_say_which_applies_when(client: Client, shipped: None) -> None:
    for address in (OPEN, NEXT):
        text = page(client, address)
        said = words(text)

        assert "Which edition applies when" in said
        assert "Open Mining 0.1 1 January 2026 30 April 2027" in said
        assert "Open Mining 1.0 1 November 2026 no end is set" in said
        assert '<svg class="terms"' in text
        assert f'href="{TABLE}"' in text
    assert "Which edition applies when" not in page(client, "/standards/irma/mining/1.0/")


def test_the_drawing_shades_the_window_and_shows_what_has_no_end(shipped: None) -> None:
    terms = queries.terms("stannary/open-mining")
    day = datetime.date(2026, 11, 22)

    drawn = when.draw(terms, day)

    assert drawn.count('class="window"') == 1
    assert drawn.count("<path") == 1
    assert drawn.count('class="fill-tin"') == 3  # two bars and the arrow of the one without end
    assert drawn.count('class="today"') == 1
    later = when.draw(terms, datetime.date(2028, 1, 1))
    assert later.count('class="fill-quiet"') == 1
    alone = when.draw([Term(terms[0].edition, day, None)], day)
    assert 'class="window"' not in alone


def test_the_table_counts_what_became_of_everything(client: Client, shipped: None) -> None:
    crossing = queries.transition("stannary/open-mining/0.1", "stannary/open-mining/1.0")
    text = page(client, TABLE)
    said = words(text)

    for kind, number in (("kept", 14), ("renumbered", 27), ("reworded", 5), ("split", 69)):
        assert f"{kind} {number}" in said
        assert f'href="?kind={kind}"' in text
    stand = sum(len(x.after) for x in crossing.transition.moves if not x.judge_again)
    assert f"Answer stands {stand}" in said
    assert 'href="?chapter=4.8"' in text
    assert "115 requirements became 418." in said


def test_a_kind_is_a_list_in_pages(client: Client, shipped: None) -> None:
    first = page(client, f"{TABLE}?kind=new")
    second = page(client, f"{TABLE}?kind=new&page=2")

    assert first.count('<th scope="row">') == 100
    assert second.count('<th scope="row">') == 97
    assert "judged for the first time" in first
    assert 'rel="next" href="?kind=new&amp;page=2"' in first
    assert "By chapter" in page(client, f"{TABLE}?kind=nonsense")


def test_a_chapter_shows_both_texts_with_the_words_that_changed(
    client: Client, shipped: None
) -> None:
    crossing = queries.transition("stannary/open-mining/0.1", "stannary/open-mining/1.0")
    reworded = next(x for x in crossing.transition.moves if x.kind is MoveKind.REWORDED)
    chapter = crossing.after.requirement_by_id[reworded.after[0]].chapter

    text = page(client, f"{TABLE}?chapter={chapter}")

    article = text[text.index(f'id="m{reworded.after[0]}"') :].split("</article>")[0]
    assert "<del>" in article
    assert "<ins>" in article
    old, new = article.split('<div class="after">')
    for side, edition, name in (
        (old, crossing.before, reworded.before[0]),
        (new, crossing.after, reworded.after[0]),
    ):
        shown = unescape(re.sub(r"</?(?:del|ins)>", "", side))
        assert edition.requirement_by_id[name].demand in shown
    only = page(client, f"{TABLE}?chapter={chapter}&kind=reworded")
    assert only.count('<article class="move"') == 1
    none = page(client, f"{TABLE}?chapter={chapter}&kind=merged")
    assert "Nothing of this kind is in this chapter." in none


def test_what_is_not_there_is_not_found(client: Client, shipped: None) -> None:
    for address in (
        f"{TABLE}?chapter=9.9",
        f"{NEXT}from/0.2/",
        f"{OPEN}from/1.0/",
        f"{NEXT}tags/sdg:2.1/",
        f"{NEXT}tags/nonsense/",
        f"{NEXT}tags/%3Cscript%3E/",
    ):
        assert client.get(address).status_code == 404


def changed(edition: Edition, **changes: Any) -> Edition:
    """Give an edition whose first requirement is changed after it was translated."""
    first = replace(edition.requirements[0], **changes)
    return replace(edition, requirements=(first, *edition.requirements[1:]))


def test_texts_that_are_not_translated_are_compared_in_the_original(shipped: None) -> None:
    crossing = queries.transition("stannary/open-mining/0.1", "stannary/open-mining/1.0")
    after = replace(crossing.after, translations={})
    bare = Crossing(crossing.before, after, crossing.transition)
    both = crossings.two(
        bare,
        pages.Book(bare.before, queries.in_language(bare.before, "fr"), "fr"),
        pages.Book(after, after, "fr"),
    )
    move = next(x for x in both.moves if x.kind is MoveKind.REWORDED)

    html = crossings.side_by_side(both, [move])

    assert html.count('<p lang="en">') == 2


def test_dropped_and_merged_requirements_are_shown_too(shipped: None) -> None:
    crossing = queries.transition("stannary/open-mining/0.1", "stannary/open-mining/1.0")
    first, second = crossing.transition.moves[:2]
    moves = (
        replace(
            first,
            kind=MoveKind.MERGED,
            before=(*first.before, *crossing.transition.moves[2].before),
            judge_again=True,
        ),
        replace(second, kind=MoveKind.DROPPED, after=()),
        *crossing.transition.moves[3:],
    )
    changed_crossing = replace(crossing, transition=replace(crossing.transition, moves=moves))
    book = pages.Book(crossing.before, crossing.before, "en")
    both = crossings.two(changed_crossing, book, pages.Book(crossing.after, crossing.after, "en"))

    assert crossings.standing(both)["dropped"] == 1
    assert crossings.chapters_of(both, moves[1]) == ("1.1",)
    rows = words(crossings.short_rows(both, moves[:2]))
    assert "merged" in rows
    assert "goes with it" in rows
    html = crossings.side_by_side(both, moves[:2])
    assert html.count('<div class="before">') == 2
    assert html.count('<div class="after">') == 1
    moved = list(crossings.moves_of([changed_crossing], crossing.before, second.before[0]))
    shown = crossings.moved_shown(moved, "en")
    assert shown[0]["names"] == ""
    assert "?chapter=1.1#m" in str(shown[0]["address"])
    assert crossings.chapter_title(both, "9.9") == ""


def test_a_requirement_shows_all_that_is_known_of_it(client: Client, shipped: None) -> None:
    edition = queries.edition("stannary/open-mining/1.0")
    one = edition.requirement_by_id["1.1.1.1"]
    text = page(client, f"{NEXT}1.1.1.1/")
    said = words(text)

    for known in (one.why, one.evidence, one.interview):
        assert known in said
    for tag in one.tags:
        assert f'href="{NEXT}tags/{tag}/"' in text
    assert "In Open Mining 0.1" in said
    assert f'href="{OPEN}1.1.1.1/"' in text
    assert "an answer to the older text: stands" in said
    assert "In Open Mining 1.0" in words(page(client, f"{OPEN}1.1.1.3/"))


def test_a_new_requirement_says_that_it_was_nothing(client: Client, shipped: None) -> None:
    crossing = queries.transition("stannary/open-mining/0.1", "stannary/open-mining/1.0")
    named = {name for x in crossing.transition.moves for name in x.after}
    new = next(x.id for x in crossing.after.requirements if x.id not in named)

    assert "judged for the first time" in words(page(client, f"{NEXT}{new}/"))


@pytest.mark.parametrize(
    ("code", "title", "about"),
    [
        ("sdg:8.8", "SDG target 8.8", "Decent work and economic growth"),
        ("sdg:17.19", "SDG target 17.19", "Partnerships for the goals"),
        ("ungp:10", "UN Guiding Principle 10", "the duty of states to protect"),
        ("ungp:11", "UN Guiding Principle 11", "the responsibility of companies to respect"),
        ("ungp:24", "UN Guiding Principle 24", "the responsibility of companies to respect"),
        ("ungp:25", "UN Guiding Principle 25", "access to remedy"),
        ("gistm:1", "GISTM principle 1", "affected communities"),
        ("gistm:2", "GISTM principle 2", "knowledge base"),
        ("gistm:15", "GISTM principle 15", "disclosure"),
        ("untp:workplace-safety", "UNTP topic: workplace safety", "workplace safety"),
    ],
)
def test_a_tag_says_what_it_means(code: str, title: str, about: str) -> None:
    tag = tag_words.explain(code)

    assert tag is not None
    assert tag.title == title
    assert about in tag.meaning
    assert tag.read.startswith("https://")


def test_what_is_no_tag_means_nothing() -> None:
    assert tag_words.explain("sdg:18.1") is None


def test_a_tag_lists_its_requirements_and_all_tags_their_numbers(
    client: Client, shipped: None
) -> None:
    edition = queries.edition("stannary/open-mining/1.0")
    those = [one.id for one in edition.requirements if "sdg:8.8" in one.tags]

    text = page(client, f"{NEXT}tags/sdg:8.8/")
    every = page(client, f"{NEXT}tags/")

    assert re.findall(r'<span class="id">([0-9.]+)</span>', text) == those
    assert "Target 8.8 of Sustainable Development Goal 8" in words(text)
    assert f"SDG target 8.8 sdg:8.8 {len(those)}" in words(every)
    numbers = re.findall(r"SDG target ([0-9]+)\.", words(every))
    assert numbers == sorted(numbers, key=int)
    assert "have no tags" in page(client, f"{OPEN}tags/")


def test_a_changed_original_marks_its_translation_wherever_it_is_shown(client: Client) -> None:
    store(changed(OLD_EDITION, title="Another title"))

    for rest in ("", "1.1/", "1.1.1.1/", "?q=1.1.1.1"):
        french = words(page(client, f"/fr{OPEN}{rest}"))
        assert "original" in french.lower(), rest
    text = page(client, f"/fr{OPEN}1.1.1.1/")
    assert '<details class="plain" id="original" open>' in text
    assert "Another title" in text
    assert f'href="/fr{OPEN}1.1.1.1/#original"' in page(client, f"/fr{OPEN}1.1/")
    assert "stale" not in page(client, f"/fr{OPEN}1.2/")
    assert "stale" not in page(client, f"{OPEN}1.1/")


def test_without_a_translation_the_original_stands_with_its_language(client: Client) -> None:
    store(replace(OLD_EDITION, translations={}))

    text = page(client, f"/fr{OPEN}1.1/")

    assert text.count('<span lang="en">') > len(OLD_EDITION.requirements_by_chapter["1.1"])
    assert text.count('<p class="small">Pas traduit') + text.count("Not translated") > 0


def test_section_titles_are_translated(client: Client, shipped: None) -> None:
    french = queries.localised("stannary/open-mining/1.0", "fr")

    text = unescape(page(client, f"/fr{NEXT}1.1/"))

    for section in french.chapter_by_id["1.1"].sections:
        assert section.title in text
    english = queries.edition("stannary/open-mining/1.0").chapter_by_id["1.1"].sections
    assert [x.title for x in english] != [x.title for x in french.chapter_by_id["1.1"].sections]


def test_the_page_of_translations_counts_and_lists_what_is_left(client: Client) -> None:
    french = OLD_EDITION.translations["fr"]
    titles, of = dict(french.requirement_titles), dict(french.requirement_of)
    del titles["1.1.1.2"]
    del of["1.1.1.3"]
    edition = changed(OLD_EDITION, demand="Something else is so.")
    less = replace(french, requirement_titles=titles, requirement_of=of)
    store(replace(edition, translations={"fr": less, "xx": replace(less, language="xx")}))

    text = page(client, f"{OPEN}translations/?language=fr")
    said = words(text)

    assert "French 112 1 1 1" in said
    assert "English original 115 0 0 0" in said
    assert "xx 112 1 1 1" in said
    assert "The original was changed after it was translated (1) 1.1.1.1" in said
    assert "Nothing says from which text it was translated (1) 1.1.1.3" in said
    assert "Not translated (1) 1.1.1.2" in said
    assert "Left to do" not in page(client, f"{OPEN}translations/")


def test_a_whole_translation_says_that_nothing_is_left(client: Client, shipped: None) -> None:
    assert "Nothing: every requirement is translated" in page(
        client, f"{NEXT}translations/?language=fr"
    )


def test_interview_prompts_are_found_and_shown(client: Client, shipped: None) -> None:
    edition = queries.edition("stannary/open-mining/1.0")
    others = " ".join(f"{x.title} {x.demand}" for x in edition.requirements).lower()
    french = " ".join(edition.translations["fr"].requirement_demands.values()).lower()
    word, one = next(
        (word, one)
        for one in edition.requirements
        for word in re.findall(r"[a-z]{6,}", one.interview)
        if word not in others and word not in french
    )

    text = page(client, f"{NEXT}?q={word}")

    assert f'href="{NEXT}{one.id}/"' in text
    found = text[text.index("To ask the people concerned:") :].split("</q>")[0]
    assert '<q lang="en">' in found
    assert f"<mark>{word}</mark>" in found


def test_programs_read_terms_transitions_tags_origins_and_translations(
    client: Client, shipped: None
) -> None:
    base = "/api/v1/standards/stannary/open-mining"
    old, new = (client.get(f"{base}/{x}").json() for x in ("0.1", "1.0"))
    assert (old["applies_from"], old["applies_before"]) == ("2026-01-01", "2027-05-01")
    assert (new["applies_from"], new["applies_before"]) == ("2026-11-01", None)

    table = client.get(f"{base}/1.0/from/0.1").json()
    assert (table["opens"], table["closes"]) == ("2026-11-01", "2027-05-01")
    assert sum(len(x["after"]) for x in table["moves"]) == 418
    assert client.get(f"{base}/0.1/from/1.0").status_code == 404

    one = client.get(f"{base}/1.0/requirements/1.1.1.3").json()
    assert one["tags"] == ["ungp:23", "untp:legal-compliance"]
    assert one["translations"]["fr"]["state"] == "current"
    origin = one["was"][0]
    assert (origin["edition"], origin["kind"]) == ("stannary/open-mining/0.1", "split")
    assert origin["before"] == ["1.1.1.3"]
    assert origin["judge_again"] is True
    assert client.get(f"{base}/0.1/requirements/1.1.1.3").json()["was"] == []

    left = client.get(f"{base}/1.0/translations").json()
    assert left["language"] == "en"
    assert left["items"][0] == {
        "language": "fr", "current": 418, "stale": [], "unchecked": [], "missing": [],
    }  # fmt: skip


def test_an_overtaken_translation_is_known_by_its_digest() -> None:
    first = OLD_EDITION.requirements[0]
    assert OLD_EDITION.translations["fr"].requirement_of[first.id] == source_digest(first)
    assert queries.overtaken(OLD_EDITION, "fr") == frozenset()
    assert queries.overtaken(changed(OLD_EDITION, title="New"), "fr") == {first.id}
    assert queries.overtaken(OLD_EDITION, "pt") == frozenset()

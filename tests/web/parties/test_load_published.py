"""Published facts come from files, each with its source, and loading them again changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from stannary.core.kernel import RefusalError, Rule
from stannary.web.parties import rules
from stannary.web.parties.models import Figure, Site, SiteFact
from stannary.web.parties.operations import load_published
from stannary.web.parties.published import PUBLISHED
from web.parties.published_files import FIGURES, SITE, write

pytestmark = pytest.mark.django_db


def refused_by(folder: Path) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        load_published(folder=folder)
    return [finding.code for finding in refusal.value.findings]


def state() -> list[object]:
    return [
        *Site.objects.order_by("pk").values_list(),
        *SiteFact.objects.order_by("pk").values_list(),
        *Figure.objects.order_by("pk").values_list(),
    ]


def test_every_shipped_fact_is_loaded_with_source_and_mark() -> None:
    loaded = load_published()

    assert len(loaded.added) == Site.objects.count() == len(list(PUBLISHED.glob("sites/*.toml")))
    assert not SiteFact.objects.filter(source="").exists()
    assert not SiteFact.objects.filter(mark="").exists()
    rio = Site.objects.get(slug="minas-rio")
    assert (rio.level, rio.released_on, rio.country) == ("IRMA-75", "2024-02-07", "BR")
    assert [fact.kind for fact in rio.facts.all()] == ["initial_release", "surveillance_release"]


def test_loading_again_changes_nothing() -> None:
    load_published()
    before = state()

    again = load_published()

    assert (again.added, again.changed, again.gone) == ((), (), ())
    assert state() == before


def test_a_changed_file_changes_its_site_and_no_other(tmp_path: Path) -> None:
    load_published(folder=write(tmp_path))
    write(tmp_path, slug="second")
    load_published(folder=tmp_path)

    write(tmp_path, SITE.replace("Made-up Firm", "Other Firm"))
    loaded = load_published(folder=tmp_path)

    assert (loaded.added, loaded.changed, loaded.unchanged) == ((), ("made-up",), 1)
    assert Site.objects.get(slug="made-up").firm == "Other Firm"
    assert Site.objects.get(slug="second").firm == "Made-up Firm"
    assert SiteFact.objects.count() == 4


def test_a_site_whose_file_is_gone_stays_and_is_named(tmp_path: Path) -> None:
    load_published(folder=write(tmp_path))
    write(tmp_path, slug="second")
    (tmp_path / "sites" / "made-up.toml").unlink()

    assert load_published(folder=tmp_path).gone == ("made-up",)
    assert Site.objects.count() == 2


def test_figures_follow_their_file(tmp_path: Path) -> None:
    load_published(folder=write(tmp_path))
    write(
        tmp_path, figures=FIGURES.replace("value = 27", "value = 28").replace("2026-02", "2026-03")
    )

    load_published(folder=tmp_path)

    assert list(Figure.objects.values_list("key", "value")) == [
        ("2026-03-independent-assessment", 28)
    ]


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ('source = "example.org/4"\n', "", rules.FACTS_HAVE_SOURCES),
        ('source = "example.org/4"', 'source = " "', rules.FACTS_HAVE_SOURCES),
        ('source = "example.org/4"\nmark = "S"', 'source = "x"', rules.FACTS_HAVE_SOURCES),
        ('source = "example.org/1", mark', "mark", rules.FACTS_HAVE_SOURCES),
        ('source = "an atlas", mark', "mark", rules.FACTS_HAVE_SOURCES),
        ('"BR"', '"XX"', rules.FACTS_ARE_KNOWN_KINDS),
        ('"iron"', '"unobtainium"', rules.FACTS_ARE_KNOWN_KINDS),
        ('"published"', '"splendid"', rules.FACTS_ARE_KNOWN_KINDS),
        ('kind = "visit"', 'kind = "party"', rules.FACTS_ARE_KNOWN_KINDS),
        ('slug = "{slug}"', 'slug = "other"', rules.FACTS_ARE_KNOWN_KINDS),
        ('status = "published"', 'status = "in_process"', rules.LEVELS_ARE_PUBLISHED),
        ('status = "published"', 'status = "level_pending"', rules.LEVELS_ARE_PUBLISHED),
        ('level = {{ value = "IRMA-50", source = "example.org/3", mark = "S" }}\n', "", rules.LEVELS_ARE_PUBLISHED),
        ('until = "2023-05-03"', 'until = "2023-04-30"', rules.EVENTS_END_AFTER_THEY_BEGIN),
    ],
)  # fmt: skip
def test_a_file_that_says_too_little_or_too_much_is_refused(
    tmp_path: Path, was: str, now: str, rule: Rule
) -> None:
    assert was in SITE
    write(tmp_path, SITE.replace(was, now))

    assert rule.code in refused_by(tmp_path)
    assert not Site.objects.exists()
    assert not Figure.objects.exists()


def test_the_rules_of_facts_have_the_codes_that_outsiders_know() -> None:
    assert [
        rule.code
        for rule in (
            rules.IS_THERE_FOR_YOU,
            rules.FACTS_HAVE_SOURCES,
            rules.FACTS_ARE_KNOWN_KINDS,
            rules.LEVELS_ARE_PUBLISHED,
            rules.EVENTS_END_AFTER_THEY_BEGIN,
        )
    ] == ["PARTY-001", "PARTY-002", "PARTY-003", "PARTY-004", "PARTY-005"]


def test_a_refusal_names_file_line_fact_and_remedy(tmp_path: Path) -> None:
    write(tmp_path, SITE.replace('source = "example.org/4"\n', ""))

    with pytest.raises(RefusalError) as refusal:
        load_published(folder=tmp_path)

    assert str(refusal.value) == (
        "sites/made-up.toml, line 15: PARTY-002: A fact about a real site carries its source and a mark of how "
        "sure we are. Here: missing=source. Add the source to the fact, or leave the fact out."
    )


@pytest.mark.parametrize("until", ["2023-05-01", "2023-05-02", "2023-05", "2023"])
def test_an_event_may_end_on_the_day_it_begins_or_later(tmp_path: Path, until: str) -> None:
    load_published(folder=write(tmp_path, SITE.replace("2023-05-03", until)))

    assert SiteFact.objects.get(kind="visit").until == until


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("2024-02-07", "2024-02-30", "KERNEL-002"),
        ('"-19.0"', '"-90.1"', "KERNEL-004"),
        ('"-43.5"', '"west"', "KERNEL-004"),
        ("radius_km = 50", "radius_km = -1", "KERNEL-004"),
        ('note = ""\n', 'note = ""\nnotes = 1\n', "STANDARD-002"),
        ('mark = "GK"', 'mark = "sure"', "KERNEL-003"),
        ("Made-up Mine", "x" * 201, "KERNEL-004"),
        ("example.org/5", "x" * 401, "KERNEL-004"),
        ("name = ", "name ", "STANDARD-001"),
    ],
)
def test_the_form_of_a_file_is_checked(tmp_path: Path, was: str, now: str, code: str) -> None:
    assert code in refused_by(write(tmp_path, SITE.replace(was, now, 1)))


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ('source = "example.org/6"\n', "", "PARTY-002"),
        ("value = 27", 'value = "27"', "KERNEL-004"),
        ('on = "2026-02"', 'on = "soon"', "KERNEL-002"),
        ("Sites in", "x" * 300, "KERNEL-004"),
    ],
)
def test_a_figure_is_checked_too(tmp_path: Path, was: str, now: str, code: str) -> None:
    assert code in refused_by(write(tmp_path, figures=FIGURES.replace(was, now)))


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, SITE.replace('"BR"', '"XX"').replace('source = "example.org/5"\n', ""))
    write(tmp_path, SITE.replace('"iron"', '"tin-foil"'), slug="second")

    assert sorted(refused_by(tmp_path)) == ["PARTY-002", "PARTY-003", "PARTY-003"]


def test_facts_never_take_the_place_of_an_illustrative_site(tmp_path: Path) -> None:
    Site.objects.create(slug="made-up", name="Example", country="BR", illustrative=True)

    assert refused_by(write(tmp_path)) == ["PARTY-003"]
    assert Site.objects.get().name == "Example"


@pytest.mark.parametrize("column", ["source", "mark"])
def test_the_database_refuses_a_fact_without_source_by_itself(column: str) -> None:
    site = Site.objects.create(slug="a", name="A", country="BR")
    fact = {"kind": "visit", "text": "t", "source": "s", "mark": "S", "position": 0} | {column: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        SiteFact.objects.create(site=site, **fact)
    figure = {"key": "k", "value": 1, "on": "2026", "text": "t", "source": "s", "mark": "S"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**figure | {column: ""})


def test_the_command_says_what_changed_and_refuses_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("load_published")
    assert "25 sites added" in capsys.readouterr().out
    call_command("load_published")
    assert "0 sites added, 0 changed, 25 unchanged" in capsys.readouterr().out
    call_command("load_published", folder=write(tmp_path))
    assert "no longer in the files, and kept: amandelbult" in capsys.readouterr().out

    write(tmp_path, SITE.replace('"BR"', '"XX"'))
    with pytest.raises(CommandError, match="PARTY-003"):
        call_command("load_published", folder=tmp_path)

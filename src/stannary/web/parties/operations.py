"""Writes about sites and people."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from stannary.core.kernel import refuse
from stannary.web.parties import rules
from stannary.web.parties.models import (
    Figure,
    KeptAnswer,
    Organisation,
    Person,
    Role,
    Site,
    SiteFact,
)
from stannary.web.parties.published import PUBLISHED, PublishedSite, read_figures, read_sites


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: names of sites by what became of them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    gone: tuple[str, ...]
    figures: int


@transaction.atomic
def load_published(*, folder: Path = PUBLISHED) -> Loaded:
    """Bring sites, facts and figures to what the files of published facts say.

    Calling it again changes nothing. A site whose file is gone stays, for records may rest on it;
    it is named in the answer.

    Raises:
        RefusalError: PARTY-002 for a fact without source, PARTY-003 to PARTY-005 and the rules of
            the files' form for anything else that is wrong; nothing is changed then.
    """
    sites, figures = read_sites(folder), read_figures(folder)
    known = {row.slug: row for row in Site.objects.select_for_update()}
    added: list[str] = []
    changed: list[str] = []
    for site in sites:
        row = known.get(site.slug)
        if row is None:
            added.append(site.slug)
        elif row.illustrative:
            refuse(
                rules.FACTS_ARE_KNOWN_KINDS,
                name="slug",
                value=site.slug,
                taken_by="illustrative site",
            )
        elif row.file_sha256 != site.columns["file_sha256"]:
            changed.append(site.slug)
        else:
            continue
        _store(site, row)
    _store_figures(figures)
    slugs = {site.slug for site in sites}
    gone = tuple(
        sorted(slug for slug, row in known.items() if row.file_sha256 and slug not in slugs)
    )
    return Loaded(
        tuple(added), tuple(changed), len(sites) - len(added) - len(changed), gone, len(figures)
    )


def _store(site: PublishedSite, row: Site | None) -> None:
    row = row or Site(slug=site.slug)
    for column, value in site.columns.items():
        setattr(row, column, value)
    row.save()
    row.facts.all().delete()
    SiteFact.objects.bulk_create(
        SiteFact(site=row, position=position, **fact) for position, fact in enumerate(site.facts)
    )


def _store_figures(figures: tuple[Mapping[str, object], ...]) -> None:
    kept = {(figure["key"], figure["on"]) for figure in figures}
    for row in Figure.objects.all():
        if (row.key, row.on) not in kept:
            row.delete()
    for figure in figures:
        Figure.objects.update_or_create(key=figure["key"], on=figure["on"], defaults=dict(figure))


@transaction.atomic
def give_role(*, person: Person, kind: str, organisation: Organisation) -> Role:
    """Let a person act for an organisation; a role that is there already stays."""
    role, _made = Role.objects.get_or_create(person=person, kind=kind, organisation=organisation)
    return role


@transaction.atomic
def ensure_organisation(*, name: str, kind: str, illustrative: bool) -> Organisation:
    """Give an organisation by name, and make it if it is not there yet."""
    defaults = {"name": name, "kind": kind, "illustrative": illustrative}
    found, _made = Organisation.objects.get_or_create(slug=slugify(name)[:80], defaults=defaults)
    return found


@transaction.atomic
def ensure_illustrative_site(*, slug: str, name: str, columns: Mapping[str, object]) -> Site:
    """Give a made-up site, and make it if it is not there yet.

    Real sites come from published facts alone: see `load_published`.

    Args:
        slug: Its permanent id.
        name: Its name.
        columns: The other columns, used only when it is made.
    """
    defaults = {**columns, "name": name, "illustrative": True}
    found, _made = Site.objects.get_or_create(slug=slug, defaults=defaults)
    return found


def hold_key(
    *, actor: Person, key: str, request_sha256: str, at: datetime.datetime
) -> tuple[KeptAnswer, bool]:
    """Take a key for a write, in the transaction of the write. This will wait for its other user.

    Of two requests with one key at the same moment, the second stops at the constraint until the
    first has ended: then it finds what the first was answered, or, if the first came to nothing,
    the key is free.

    Returns:
        What is kept under the key, and whether it was taken just now.
    """
    return KeptAnswer.objects.get_or_create(
        person=actor, key=key, defaults={"request_sha256": request_sha256, "at": at}
    )


def keep_answer(kept: KeptAnswer, *, status: int, location: str, body: str) -> None:
    """Keep what a write was answered, in its transaction."""
    kept.status, kept.location, kept.body = status, location, body
    kept.save(update_fields=["status", "location", "body"])


def forget_answers(*, before: datetime.datetime) -> int:
    """Forget the keys that were used before a moment, and say how many these were."""
    gone, _of_each = KeptAnswer.objects.filter(at__lt=before).delete()
    return gone

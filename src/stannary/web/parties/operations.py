"""Writes about sites and people.

Rules: PARTY-001, PARTY-021 to PARTY-025, PARTY-030, PARTY-031, and those of published facts.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.web.parties import invitations, queries, reference, rules
from stannary.web.parties.models import (
    Figure,
    KeptAnswer,
    Organisation,
    Person,
    Role,
    Site,
    SiteFact,
    Unit,
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


_NAME = re.compile(r"[^\W_][\w.-]{1,59}")
_HOLDERS = frozenset(
    {
        Organisation.Kind.OPERATOR,
        Organisation.Kind.PROCESSOR,
        Organisation.Kind.TRADER,
        Organisation.Kind.MANUFACTURER,
    }
)
FITTING: Mapping[str, frozenset[str]] = {
    Role.Kind.AUDITOR: frozenset({Organisation.Kind.FIRM}),
    Role.Kind.CLERK: _HOLDERS,
    Role.Kind.SITE_USER: frozenset({Organisation.Kind.OPERATOR}),
    Role.Kind.SECRETARIAT: frozenset({Organisation.Kind.SCHEME}),
}
"""Of which kinds an organisation must be for a role; a role that is not named fits all."""


@transaction.atomic
def invite(
    *,
    actor: Person | None,
    username: str,
    first_name: str,
    last_name: str,
    email: str,
    kind: str,
    organisation: Organisation,
    language: str = "en",
) -> Person:
    """Make an account with one role, and mail the link by which its owner sets a password.

    The mail leaves when everything is stored. Until the link is used nobody can sign in.

    Args:
        actor: Of a secretariat; None for the command that makes the first account.
        username: The name to sign in with.
        first_name: As people call them; may be empty.
        last_name: As people call them; may be empty.
        email: Where the link goes.
        kind: The role.
        organisation: For which they act.
        language: Of the mail and of the page to which its link leads.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat; PARTY-021 for a name and
            PARTY-022 for an address that is taken or has not the form of one; PARTY-024 if the
            organisation is of another kind. Nothing is stored then, and no mail leaves.
    """
    if actor is not None:
        _lock_of_secretariat(actor)
    username, email = username.strip(), email.strip().lower()
    if not _NAME.fullmatch(username) or Person.objects.filter(username__iexact=username).exists():
        refuse(rules.NAMES_ARE_FREE, name=username)
    if not _is_address(email) or _has_owner(email):
        refuse(rules.ADDRESSES_ARE_FREE, address=email)
    _must_fit(kind, organisation)
    person = Person(username=username, first_name=first_name, last_name=last_name, email=email)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # somebody else took the name or the address in this moment
        refuse(rules.NAMES_ARE_FREE, name=username)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    give_role(person=person, kind=kind, organisation=organisation)
    transaction.on_commit(lambda: invitations.send_invitation(person, language=language))
    return person


@transaction.atomic
def invite_again(*, actor: Person, person: Person, language: str) -> None:
    """Mail somebody who has no password yet a new link; the mail leaves when this is stored.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat; PARTY-025 if the account has a
            password, or is not active.
    """
    _lock_of_secretariat(actor)
    if not person.is_active or person.has_usable_password():
        refuse(rules.INVITATIONS_ARE_OPEN, name=person.username)
    transaction.on_commit(lambda: invitations.send_invitation(person, language=language))


@transaction.atomic
def add_role(*, actor: Person, person: Person, kind: str, organisation: Organisation) -> Role:
    """Let a person act for an organisation; a role that is there already stays.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat; PARTY-024 if the organisation is
            of another kind.
    """
    _lock_of_secretariat(actor)
    _must_fit(kind, organisation)
    return give_role(person=person, kind=kind, organisation=organisation)


@transaction.atomic
def take_role(*, actor: Person, person: Person, role_id: int) -> None:
    """Take a role from a person; what they did in it stays. This takes effect at once.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat, or there is no such role;
            PARTY-023 if it is the actor's own place in the secretariat.
    """
    _lock_of_secretariat(actor)
    role = person.roles.filter(pk=role_id).first()
    if role is None:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="role")
    if person.pk == actor.pk and role.kind == Role.Kind.SECRETARIAT:
        refuse(rules.NOBODY_LOCKS_THEMSELVES_OUT, name=person.username)
    role.delete()


@transaction.atomic
def set_active(*, actor: Person, person: Person, active: bool) -> None:
    """Open or close an account; a closed one is signed out everywhere at once. Roles stay.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat; PARTY-023 for one's own account.
    """
    _lock_of_secretariat(actor)
    if person.pk == actor.pk:
        refuse(rules.NOBODY_LOCKS_THEMSELVES_OUT, name=person.username)
    Person.objects.filter(pk=person.pk).update(is_active=active)


@transaction.atomic
def forget_second_factors(*, actor: Person, person: Person) -> int:
    """Remove every second factor of somebody who has lost theirs, and say how many these were.

    Their recovery codes go with them, and the person is told by mail.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat; PARTY-023 for one's own account:
            those are removed on the page of the account, after signing in with one of them.
    """
    _lock_of_secretariat(actor)
    if person.pk == actor.pk:
        refuse(rules.NOBODY_LOCKS_THEMSELVES_OUT, name=person.username)
    factors = Authenticator.objects.filter(user_id=person.pk)
    gone: int = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    if person.email:
        transaction.on_commit(lambda: invitations.send_factors_removed(person))
    return gone


@transaction.atomic
def confirm_only_address(*, person: Person) -> None:
    """Take a person's only address as confirmed: they have used a link that went there.

    With several addresses nothing is confirmed, for it is not known where the link went.
    """
    addresses = EmailAddress.objects.filter(user_id=person.pk)
    if len(addresses) == 1:
        addresses.update(verified=True, primary=True)


def _lock_of_secretariat(actor: Person) -> None:
    """Make acts on accounts wait for each other, and look at the actor's rights anew.

    Two people who close each other's account at the same moment would both succeed otherwise.
    """
    staff = Person.objects.select_for_update().filter(roles__kind=Role.Kind.SECRETARIAT)
    now = {one.pk: one for one in staff.order_by("pk")}
    if actor.pk not in now:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="role")
    queries.role_to_use(now[actor.pk], Role.Kind.SECRETARIAT)


def _must_fit(kind: str, organisation: Organisation) -> None:
    if kind not in Role.Kind.values:
        refuse(rules.ROLES_FIT_ORGANISATIONS, role=kind)
    if organisation.kind not in FITTING.get(kind, {organisation.kind}):
        refuse(rules.ROLES_FIT_ORGANISATIONS, role=kind, organisation=organisation.name)


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _has_owner(email: str) -> bool:
    return (
        Person.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    )


@transaction.atomic
def ensure_organisation(*, name: str, kind: str, illustrative: bool) -> Organisation:
    """Give an organisation by name, and make it if it is not there yet.

    Raises:
        RefusalError: PARTY-030 if another organisation has the name, under another short name.
    """
    defaults = {"name": name, "kind": kind, "illustrative": illustrative}
    slug = slugify(name)[:80]
    other = Organisation.objects.filter(name__iexact=name).exclude(slug=slug).first()
    if other is not None:
        refuse(rules.ORGANISATIONS_HAVE_ONE_NAME, name=name, taken_by=other.slug)
    found, _made = Organisation.objects.get_or_create(slug=slug, defaults=defaults)
    return found


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """What is said of a unit of a site.

    Attributes:
        name: No other unit of the site has it.
        kind: One of `Unit.Kind`.
        in_scope: Whether an audit of the site looks at it.
        materials: Keys.
        note: In words; may be empty.
    """

    name: str
    kind: str
    in_scope: bool = True
    materials: tuple[str, ...] = ()
    note: str = ""


@transaction.atomic
def save_unit(*, actor: Person, site: Site, said: UnitSaid, unit_id: int | None = None) -> Unit:
    """Add a unit to a made-up site, or change one. This will take effect at once.

    Args:
        actor: A site user of the site's operator.
        site: A made-up one; real sites hold published facts only.
        said: What is said of it.
        unit_id: Of the unit that is changed; None: a new one.

    Raises:
        RefusalError: PARTY-001 if the actor is no site user of the operator, the site is real, or
            it has no such unit. PARTY-031 with everything that is wrong in what is said.
    """
    Site.objects.select_for_update().get(pk=site.pk)  # of two at once, one waits here
    queries.must_run_site(actor, site)
    row = Unit(site=site) if unit_id is None else queries.unit(site, unit_id)
    name = said.name.strip()
    others = site.units.filter(name__iexact=name).exclude(pk=row.pk)
    wrong = [{"material": key[:60]} for key in said.materials if key not in reference.materials()]
    if not name or others.exists():
        wrong.append({"name": name or "-"})
    if said.kind not in Unit.Kind.values:
        wrong.append({"kind": said.kind[:40] or "-"})
    if wrong:
        raise RefusalError(*(Finding(rules.UNITS_ARE_KNOWN_KINDS, facts) for facts in wrong))
    row.name, row.kind, row.in_scope = name, said.kind, said.in_scope
    row.materials, row.note = " ".join(sorted(set(said.materials))), said.note.strip()
    row.save()
    return row


@transaction.atomic
def remove_unit(*, actor: Person, site: Site, unit_id: int) -> None:
    """Take a unit from a made-up site, at once.

    Raises:
        RefusalError: PARTY-001 if the actor is no site user of the operator, the site is real, or
            it has no such unit.
    """
    queries.must_run_site(actor, site)
    queries.unit(site, unit_id).delete()


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


def note_language(*, person: Person, language: str) -> None:
    """Remember the language in which somebody signed in: their mail is written in it."""
    if person.language != language:
        person.language = language
        person.save(update_fields=["language"])

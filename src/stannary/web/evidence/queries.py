"""Who may read which evidence: every check is made here, by core's tables alone.

What is not open to somebody is for them not there (PARTY-001). Members of an engagement read by
`core.cycle.rights` and the item's visibility; everybody else reads what was public when the
engagement's report was published. The secretariat reads no more than everybody.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from stannary.core.cycle import Action, ActKind, Role, State, may
from stannary.core.evidence import Reader, may_read
from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.cycle.queries import Held
from stannary.web.evidence import records
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.queries import Visitor
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

_TEAM = frozenset({Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER})
_REPORTS = frozenset({ActKind.PUBLISH, ActKind.SETTLE_PENDING, ActKind.PUBLISH_SURVEILLANCE})


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence as somebody may see it.

    Attributes:
        versions: Those that the person may read, oldest first; never empty.
        is_whole: Whether that is all of them: then the last one is the newest there is.
        twins: Items that are redacted twins of this one, as far as the person may read them.
        original: The item of which this is the twin, if the person may read it.
    """

    versions: tuple[EvidenceVersion, ...]
    is_whole: bool
    twins: tuple[UUID, ...] = ()
    original: UUID | None = None

    @property
    def newest(self) -> EvidenceVersion:
        """The newest version that the person may read."""
        return self.versions[-1]

    @property
    def id(self) -> UUID:
        """Of the item."""
        return self.newest.item


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of an engagement as somebody may see it.

    Attributes:
        row: The engagement.
        edition: Under which it is.
        items: Newest first.
        may_add: Whether the person may hand something in now.
        is_member: Whether they see it as a member; else as everybody does.
        side: On which side the person hands in.
    """

    row: Engagement
    edition: Edition
    items: tuple[Item, ...]
    may_add: bool
    is_member: bool
    side: str

    def item(self, item_id: UUID) -> Item:
        """Give one item.

        Raises:
            RefusalError: PARTY-001 if it is not there for the person.
        """
        return one_item(self.items, item_id)

    def by_requirement(self) -> dict[str, list[Item]]:
        """Give the items of each requirement that has some, in the order of the edition."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            for name in item.newest.requirements:
                found.setdefault(name, []).append(item)
        return {one.id: found[one.id] for one in self.edition.requirements if one.id in found}


def evidence(*, actor: Visitor, engagement_id: UUID) -> Evidence:
    """Give the evidence of an engagement that somebody may read.

    Raises:
        RefusalError: PARTY-001 if there is no such engagement, or it is not published and the
            person reads no evidence in it.
    """
    row = Engagement.objects.select_related("site").filter(pk=engagement_id).first()
    if row is None:
        refuse(IS_THERE_FOR_YOU, engagement=str(engagement_id)[:40])
    roles = cycle.roles_in(actor, row)
    acts = tuple(row.acts.order_by("number"))
    published_at = _published_at(acts)
    is_member = _reads(roles, row)
    if not is_member and published_at is None:
        refuse(IS_THERE_FOR_YOU, engagement=str(engagement_id)[:40])
    rows = tuple(row.evidence.select_related("handed_in_by"))
    return Evidence(
        row=row,
        edition=standards.edition(row.edition_id),
        items=_items(rows, roles=roles, state=State(row.state), actor=actor, since=published_at),
        may_add=may(roles, Action.ADD_EVIDENCE, State(row.state)),
        is_member=is_member,
        side=side_of(roles),
    )


def version(
    *, actor: Visitor, engagement_id: UUID, item_id: UUID, version_id: UUID
) -> EvidenceVersion:
    """Give one version that somebody may read.

    Raises:
        RefusalError: PARTY-001 if it is not there for them.
    """
    item = evidence(actor=actor, engagement_id=engagement_id).item(item_id)
    found = next((one for one in item.versions if one.pk == version_id), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, version=str(version_id)[:40])
    return found


def items_in(held: Held, rows: Sequence[EvidenceVersion], actor: Visitor) -> tuple[Item, ...]:
    """Give the items that a member may read, of rows that are there already."""
    since = _published_at(held.records)
    return _items(rows, roles=held.roles, state=held.core.state, actor=actor, since=since)


def items_for(row: Engagement, roles: Collection[Role], actor: Visitor) -> tuple[Item, ...]:
    """Give the items that somebody may read whose roles in an engagement are known; two queries."""
    acts = tuple(row.acts.order_by("number"))
    rows = tuple(row.evidence.select_related("handed_in_by"))
    since = _published_at(acts)
    return _items(rows, roles=roles, state=State(row.state), actor=actor, since=since)


def one_item(items: Iterable[Item], item_id: UUID) -> Item:
    """Give the item with an id.

    Raises:
        RefusalError: PARTY-001 if it is not among them.
    """
    found = next((one for one in items if one.id == item_id), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, evidence=str(item_id)[:40])
    return found


def side_of(roles: Collection[Role]) -> str:
    """Give on which side somebody hands evidence in: the site's, else the audit team's."""
    sides = EvidenceVersion.Side
    return sides.SITE if Role.SITE_USER in roles else sides.TEAM


def named_digests() -> dict[str, int]:
    """Give the digest of every file that a row names, with its size."""
    files = EvidenceVersion.objects.filter(kind="file")
    return dict(files.order_by().values_list("sha256", "size").distinct())


def _reads(roles: Collection[Role], row: Engagement) -> bool:
    return may(roles, Action.READ_EVIDENCE, State(row.state))


def _published_at(acts: Iterable[ActRecord]) -> datetime.datetime | None:
    """Give when the newest report was published; None: never."""
    return max((one.at for one in acts if ActKind(one.kind) in _REPORTS), default=None)


def _items(
    rows: Sequence[EvidenceVersion],
    *,
    roles: Collection[Role],
    state: State,
    actor: Visitor,
    since: datetime.datetime | None,
) -> tuple[Item, ...]:
    """Sort versions into items, and leave out what the person may not read."""
    by_item: dict[UUID, list[EvidenceVersion]] = {}
    for row in sorted(rows, key=lambda one: one.at):
        by_item.setdefault(row.item, []).append(row)
    inside = _inside(roles) if may(roles, Action.READ_EVIDENCE, state) else frozenset()
    open_ones = {
        item: _readable(_in_order(versions), inside, actor, since)
        for item, versions in by_item.items()
    }
    twins: dict[UUID, list[UUID]] = {}
    for item, versions in open_ones.items():
        if versions and versions[0].twin_of:
            twins.setdefault(versions[0].twin_of, []).append(item)
    found = [
        Item(
            versions=versions,
            is_whole=len(versions) == len(by_item[item]),
            twins=tuple(twins.get(item, ())),
            original=_if_open(versions[0].twin_of, open_ones),
        )
        for item, versions in open_ones.items()
        if versions
    ]
    return tuple(sorted(found, key=lambda one: one.newest.at, reverse=True))


def _if_open(
    item: UUID | None, open_ones: Mapping[UUID, tuple[EvidenceVersion, ...]]
) -> UUID | None:
    return item if item is not None and open_ones.get(item) else None


def _in_order(versions: list[EvidenceVersion]) -> list[EvidenceVersion]:
    """Put the versions of an item in the order in which they follow each other."""
    after = {one.previous_id: one for one in versions}
    found: list[EvidenceVersion] = []
    here = after.get(None)
    while here is not None:
        found.append(here)
        here = after.get(here.pk)
    return found


def _inside(roles: Collection[Role]) -> frozenset[Reader]:
    """Give what a member is who reads evidence."""
    found = {Reader.SITE} if Role.SITE_USER in roles else set()
    if not _TEAM.isdisjoint(roles):
        found.add(Reader.TEAM)
    return frozenset(found)


def _readable(
    versions: list[EvidenceVersion],
    inside: frozenset[Reader],
    actor: Visitor,
    since: datetime.datetime | None,
) -> tuple[EvidenceVersion, ...]:
    newest = records.item(versions[-1])
    found = []
    for row in versions:
        readers = set(inside)
        if inside and row.handed_in_by_id == actor.pk:
            readers.add(Reader.AUTHOR)
        if since is not None and row.at <= since:
            readers.add(Reader.EVERYBODY)
        if may_read(records.item(row), readers, newest=newest):
            found.append(row)
    return tuple(found)

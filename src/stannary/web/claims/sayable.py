"""What may be said of a lot: every words of the pack with every level, and which level who had.

Here lots and achievements meet; neither knows the other.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils import timezone, translation

from stannary.core.attestations import Achievement
from stannary.core.claims import Claim, check_claim, claim_percent, counting_of, supported_share
from stannary.core.custody import Amounts, Model
from stannary.core.provenance import Origin, Trace
from stannary.core.standards import ClaimWording, Edition
from stannary.core.standards.checks import SITE_GAPS
from stannary.web.attestations import queries as attestations
from stannary.web.claims import wording
from stannary.web.custody import queries as custody
from stannary.web.custody.levels import Held, Key
from stannary.web.custody.models import Lot
from stannary.web.entities import queries as entities
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Sayable:
    """Whether words may be used of a lot with a level.

    Attributes:
        level: Code of the level.
        share: The most that may be claimed, as percent; "" if the words may not be used at all.
        codes: Rules that stand against it; empty if `share` is given.
    """

    level: str
    share: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Words of the pack, as they read with their gaps, and what holds for each level."""

    words: str
    cells: tuple[Sayable, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What may be said with the levels of one standard, highest first."""

    standard: str
    title: str
    levels: tuple[str, ...]
    rows: tuple[Row, ...]


def levels_of(origins: Sequence[Origin]) -> Mapping[Key, Held]:
    """Tell which level each origin had on the day of its production, with two queries."""
    known = attestations.achievements({one.attestation for one in origins if one.attestation})
    found = {}
    for origin in origins:
        achievement = known.get(origin.attestation)
        # a lot may name any achievement: that of another mine says nothing of this one
        if achievement is None or achievement.site != origin.site:
            continue
        held = {achievement.level_on(day) or "" for day in _days(origin)}
        result = (achievement.result_id or "").removeprefix("urn:uuid:")
        found[origin.site, origin.attestation] = Held(
            level=held.pop() if len(held) == 1 else "",
            standard=achievement.standard,
            result=result,
            differs=len(held) > 1,
        )
    return found


def _days(origin: Origin) -> Iterable[datetime.date]:
    return {part.at.date() for part in origin.parts} or {origin.at.date()}


def tables(trace: Trace) -> tuple[Table, ...]:
    """Tell what may be said of a lot, one table for each standard whose levels its origins name."""
    row = custody.lot(trace.lot)
    carried = custody.carried_of([row])[trace.lot]
    known = _achievements([trace], [carried])
    own = wording.own_pack(row.holder, timezone.localdate())
    return _tables(trace, carried, known, custody.model_of(row), own)


def _achievements(traces: Iterable[Trace], carried: Iterable[Amounts]) -> Mapping[str, Achievement]:
    wanted = {one.attestation for trace in traces for one in trace.origins}
    wanted |= {one.attestation for amounts in carried for one in amounts}
    wanted -= {""}
    return attestations.achievements(wanted) if wanted else {}


def _tables(
    trace: Trace,
    carried: Amounts,
    known: Mapping[str, Achievement],
    lowered_to: Model | None,
    own: str,
) -> tuple[Table, ...]:
    wanted = {one.attestation for one in trace.origins} | {one.attestation for one in carried}
    achievements = {name: one for name, one in known.items() if name in wanted}
    words = wording.offered(trace, timezone.localdate(), own)
    found = []
    for name in sorted({one.standard for one in achievements.values()}):
        edition = standards.edition_or_none(name)
        if edition is None:
            continue
        levels = tuple(level.code for level in reversed(edition.levels))
        asked = _Asked(trace, achievements, edition, carried, lowered_to)
        rows = tuple(
            Row(
                readable(wording.text_of(one, pack), trace.lot),
                tuple(asked.cell(pack, one, level) for level in levels),
            )
            for pack, one in words
        )
        found.append(Table(name, edition.short_title or edition.title, levels, rows))
    return tuple(found)


def _language() -> str:
    return translation.get_language() or "en"


def readable(text: str, lot: str) -> str:
    """Fill the gaps of the words as far as the lot alone fills them."""
    said = {"{share}": "… %", "{element}": "…", "{level}": "…"}
    said |= {f"{{{gap}}}": "…" for gap in SITE_GAPS}
    for gap, shown in said.items():
        text = text.replace(gap, shown)
    return text.replace("{lot}", lot)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every question about a lot and a standard needs."""

    trace: Trace
    achievements: Mapping[str, Achievement]
    edition: Edition
    carried: Amounts
    lowered_to: Model | None

    def cell(self, pack: Edition, words: ClaimWording, level: str) -> Sayable:
        """Try the most that the trace supports: what is refused then is refused at any share."""
        today = timezone.localdate()
        share = supported_share(
            self.trace,
            self.achievements,
            self.edition,
            level,
            carried=self.carried,
            counting=counting_of(pack, today),
        )
        tried = Claim(
            id="urn:uuid:00000000-0000-0000-0000-000000000000",
            lot=self.trace.lot,
            wording=words.code,
            standard=self.edition.id,
            level=level,
            share=share or Fraction(1, 100),
            element="element",
            made_by="holder",
            made_on=today,
            valid_until=today + datetime.timedelta(days=1),
        )
        findings = check_claim(
            tried,
            trace=self.trace,
            achievements=self.achievements,
            edition=self.edition,
            custody_pack=pack,
            carried=self.carried,
            lowered_to=self.lowered_to,
        )
        # a share that only a long fraction can say is claimed a little lower;
        # of CLAIM-001 and its details the first is enough here
        codes = dict.fromkeys(
            one.code for one in findings if one.code not in ("CLAIM-004", "CLAIM-005")
        )
        return Sayable(level, "" if codes else claim_percent(share, _language()), tuple(codes))


@dataclass(frozen=True, slots=True)
class Most:
    """The most that may be claimed of a lot with a level.

    Attributes:
        standard: Short title of the standard that has the level.
        level: Code of the level.
        share: As percent, in the reader's language.
    """

    standard: str
    level: str
    share: str


@dataclass(frozen=True, slots=True)
class Claimable:
    """What may be claimed of a lot at most today.

    Attributes:
        most: Of each share the highest level alone.
        trace: Of the lot.
    """

    most: tuple[Most, ...]
    trace: Trace


def claimable(lots: Iterable[Lot]) -> dict[str, Claimable]:
    """Tell what may be claimed of lots today, with as many queries for many as for one."""
    those = list(lots)
    traces = custody.traces_of([lot.lot_id for lot in those])
    carried = custody.carried_of(those)
    known = _achievements(traces.values(), carried.values())
    models = {lot.lot_id: custody.model_of(lot) for lot in those}
    today = timezone.localdate()
    governs = entities.governance(lot.holder for lot in those)
    own = {lot.lot_id: governs.rules(lot.holder, today).pack for lot in those}
    return {
        name: Claimable(_most(_tables(trace, carried[name], known, models[name], own[name])), trace)
        for name, trace in traces.items()
    }


def _most(tables_: Iterable[Table]) -> tuple[Most, ...]:
    """Give the most that may be claimed: of each share the highest level alone."""
    found: dict[tuple[str, str], Most] = {}
    for table in tables_:
        for cell in (cell for row in table.rows for cell in row.cells if cell.share):
            said = Most(table.title, cell.level, cell.share)
            key = (table.standard, cell.share)
            before = found.get(key)
            if before is None or _rank(table, cell.level) < _rank(table, before.level):
                found[key] = said
    return tuple(found.values())


def _rank(table: Table, level: str) -> int:
    return table.levels.index(level)

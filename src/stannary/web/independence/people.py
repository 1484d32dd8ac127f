"""People with their competences, as pages show them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.independence import Standing
from stannary.web.independence import queries, records, words
from stannary.web.independence.models import CompetenceRecord
from stannary.web.parties.models import Person


@dataclass(frozen=True, slots=True)
class Held:
    """A competence as it stands on a day."""

    row: CompetenceRecord
    standing: Standing

    @property
    def title(self) -> str:
        """What it is, in words."""
        return words.competence_name(self.row.kind)

    @property
    def standing_title(self) -> str:
        """How it stands, in words."""
        return str(words.STANDINGS[self.standing])

    @property
    def look(self) -> str:
        """The class that marks it: what soon ends or has ended stands out."""
        return {
            Standing.HOLDS: "ok",
            Standing.ENDS_SOON: "unk",
            Standing.EXPIRED: "no",
            Standing.NOT_YET: "quiet",
        }[self.standing]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with what they are qualified for."""

    person: Person
    competences: tuple[Held, ...]

    @property
    def name(self) -> str:
        """As messages name them."""
        return records.person_name(self.person)

    @property
    def attention(self) -> bool:
        """Whether something soon ends or has ended."""
        return any(
            one.standing in (Standing.ENDS_SOON, Standing.EXPIRED) for one in self.competences
        )


def held(row: CompetenceRecord, on: datetime.date) -> Held:
    """Tell how a competence stands on a day."""
    return Held(row, records.competence(row).standing(on))


def newest(rows: Iterable[CompetenceRecord], on: datetime.date) -> tuple[Held, ...]:
    """Give one entry for each kind: what counts on the day, and of several the longest."""
    found: dict[str, Held] = {}
    last = datetime.date.max
    for one in sorted(
        (held(row, on) for row in rows),
        key=lambda one: (records.competence(one.row).on(on), one.row.until or last),
        reverse=True,
    ):
        found.setdefault(one.row.kind, one)
    return tuple(found[kind] for kind in sorted(found))


def with_competences(team: Sequence[Person], on: datetime.date) -> list[Somebody]:
    """Give people with their competences, one entry a kind: one query."""
    rows: dict[int, list[CompetenceRecord]] = {person.pk: [] for person in team}
    for row in queries.competences(team):
        rows[row.person_id].append(row)
    return [Somebody(person, newest(rows[person.pk], on)) for person in team]

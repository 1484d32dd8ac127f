"""Ten people on four hundred requirements at once: nobody takes another's answer away unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import rate
from stannary.web.parties.models import Organisation, Person, Role, Site
from web.assessments.test_budget import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.untraced]
PEOPLE, REQUIREMENTS, WANTED = 10, 400, 3


def test_ten_people_on_four_hundred_requirements_never_overwrite_each_other_silently(
    edition_with: Callable[[int], Edition], mine: Site, firm: Organisation, auditor: Person
) -> None:
    edition = edition_with(REQUIREMENTS)
    those = Assessment.objects.create(
        site=mine,
        edition_id=edition.id,
        pack_sha256="0" * 64,
        firm=firm,
        lead_auditor=auditor,
        opened_at=AT,
        illustrative=True,
    )
    team = [Person.objects.create_user(f"auditor-{n}") for n in range(PEOPLE)]
    for one in team:
        Role.objects.create(person=one, organisation=firm, kind=Role.Kind.AUDITOR)
    names = [one.id for one in edition.requirements]
    wanted = names[:WANTED]
    together = Barrier(PEOPLE)

    def work(place: int) -> list[str]:
        """Rate what all want, then one's own part, then what all want having seen theirs."""
        try:
            together.wait(timeout=60)
            conflicts = [name for name in wanted if not say(team[place], name, None)]
            for name in names[WANTED + place :: PEOPLE]:
                assert say(team[place], name, None), name
            for name in conflicts:
                while not say(team[place], name, newest(name)):
                    pass
        finally:
            connection.close()
        return conflicts

    def say(who: Person, name: str, seen: int | None) -> bool:
        try:
            rate(
                actor=who,
                assessment_id=those.pk,
                requirement_id=name,
                rating="substantially",
                rationale=f"Seen by {who.username}.",
                seen=seen,
            )
        except RefusalError as refusal:
            if {one.code for one in refusal.findings} != {"RATING-020"}:
                raise
            return False
        return True

    def newest(name: str) -> int:
        rows = RatingRecord.objects.filter(assessment=those, requirement_id=name)
        return int(rows.order_by("-pk").values_list("pk", flat=True)[0])

    with ThreadPoolExecutor(PEOPLE) as pool:
        conflicts = list(pool.map(work, range(PEOPLE)))

    assert sum(map(len, conflicts)) == WANTED * (PEOPLE - 1)
    for name in wanted:
        chain = list(RatingRecord.objects.filter(requirement_id=name).order_by("pk"))
        assert [one.previous_id for one in chain] == [None, *(one.pk for one in chain[:-1])]
        assert {one.assessor_id for one in chain} == {one.pk for one in team}
    rated = RatingRecord.objects.filter(assessment=those)
    assert set(rated.values_list("requirement_id", flat=True)) == set(names)
    assert rated.count() == REQUIREMENTS + WANTED * (PEOPLE - 1)

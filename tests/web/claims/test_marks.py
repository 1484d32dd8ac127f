"""A claim whose ground is taken away is marked, and taken back by decision where everybody can see it."""

import datetime
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from stannary.core.attestations import Status
from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import LogKey
from stannary.formats.tlog import read_log
from stannary.signing import Signatures
from stannary.web.attestations import operations as attestations
from stannary.web.attestations.models import Achievement
from stannary.web.claims import operations, queries, tasks
from stannary.web.claims.models import Claim, ClaimMark, ClaimWithdrawal
from stannary.web.claims.queries import State
from stannary.web.custody import keeping_tasks
from stannary.web.custody import operations as custody
from stannary.web.custody.models import Carried
from stannary.web.entities import operations as entities
from stannary.web.entities import packs
from stannary.web.entities.models import Certificate, EntityRecord
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.transparency_log import queries as log
from stannary.web.verification import checking

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 2, 1, 8, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 20)
ATTESTED = "urn:a"
KG = 10**6


@dataclass(frozen=True)
class Mine:
    """A mine that sells attested ore, its clerk, and somebody of the secretariat."""

    those: Organisation
    clerk: Person
    secretary: Person

    def claim(self, share: Fraction = Fraction(1), day: datetime.date = DAY, **more: str) -> Claim:
        return operations.make_claim(
            actor=self.clerk,
            lot_id="N",
            standard="stannary/open-mining/0.1",
            level="OPEN-75",
            share=share,
            element="lithium",
            made_on=day,
            valid_until=datetime.date(2036, 3, 20),
            **{"wording": "SHARE-AT-LEVEL", **more},
        )


def row(event: str, day: int, kind: Kind, lot: str, kg: int, **more: Any) -> Row:
    given: dict[str, Any] = {
        "event": event,
        "at": START + datetime.timedelta(days=day),
        "kind": kind,
        "site": "a-mine",
        "entity": "A Mine",
        "lot": lot,
        "side": Side.OUT,
        "material": "ore",
        "mass_mg": kg * KG,
        "content_mg": kg * KG,
    }
    return Row(**{**given, **more})


MINED = row("P", 0, Kind.PRODUCE, "N", 100, attestation=ATTESTED, model=Model.IDENTITY_PRESERVED)


def credits_off(kg: int, number: int = 1) -> list[Row]:
    event = f"B-{number}"
    taken = row(event, 60 + number, Kind.BOOK, "N", kg, side=Side.IN)
    made = row(event, 60 + number, Kind.BOOK, f"C-{number}", kg, model=Model.BOOK_AND_CLAIM)
    return [taken, made]


@pytest.fixture
def mine(open_mining: Edition, secretary: Person) -> Mine:
    those = Organisation.objects.create(
        slug="a-mine-ltd", name="A Mine", kind="operator", illustrative=True
    )
    clerk = Person.objects.create_user("clerk-of-mine")
    Role.objects.create(person=clerk, organisation=those, kind="clerk")
    site = Site.objects.create(slug="a-mine", name="A Mine", country="PT", illustrative=True)
    Achievement.objects.create(
        achievement_id=ATTESTED,
        site=site,
        standard=open_mining.id,
        level="OPEN-75",
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2029, 1, 1),
    )
    EntityRecord.objects.create(
        organisation=those, kind="mine", recorded_by=secretary, recorded_at=START
    )
    Certificate.objects.create(
        number="COC-1",
        holder=those,
        kind="mine",
        pack="stannary/open-custody/1.0",
        sites="a-mine",
        materials="ore",
        models_covered=" ".join(map(str, Model)),
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2028, 1, 1),
        issuer=those,
        issued_by=secretary,
        issued_at=START,
    )
    custody.book_as_register(rows=[MINED])
    return Mine(those, clerk, secretary)


def now(row: Claim) -> tuple[State, str]:
    found = queries.claim(row.claim_id)
    return queries.state(found, DAY), found.affected_codes or ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kg", "state"), [(39, "in_force"), (40, "in_force"), (41, "affected")])
def test_credits_booked_off_a_lot_affect_a_claim_beyond_what_stays(
    mine: Mine, kg: int, state: str
) -> None:
    made = mine.claim(Fraction(60, 100))

    custody.book_as_register(rows=credits_off(kg))

    assert now(made) == (State(state), "CLAIM-001" if state == "affected" else "")
    marks = list(ClaimMark.objects.values_list("supported", "affected"))
    assert marks == ([("0.59", True)] if state == "affected" else [])


def test_a_lot_that_is_used_keeps_its_claim_and_one_judged_twice_is_marked_once(mine: Mine) -> None:
    made, other = mine.claim(), mine.claim(Fraction(1, 2))
    used = row("T", 50, Kind.TRANSFORM, "N", 100, side=Side.IN)
    custody.book_as_register(rows=[used, row("T", 50, Kind.TRANSFORM, "M", 90)])
    assert now(made) == now(other) == (State.IN_FORCE, "")

    Carried.objects.update(given="")  # as stored by an older version: nobody is marked for that
    tasks.look_again.func()
    assert not ClaimMark.objects.exists()
    keeping_tasks.keep_today.func()
    assert queries.state(queries.claim(made.claim_id), DAY) is State.IN_FORCE

    entities.change_status(
        actor=mine.secretary, number="COC-1", status="suspended", on=datetime.date(2026, 1, 15),
        reason="No books.",
    )  # fmt: skip
    tasks.look_again.func()
    assert now(made) == now(other) == (State.AFFECTED, "CLAIM-001")
    assert ClaimMark.objects.count() == 2


def test_a_restated_input_affects_a_claim_and_the_right_one_supports_it_again(mine: Mine) -> None:
    made = mine.claim()
    restated = replace(MINED, event="R-1", kind=Kind.CORRECT, account="P", attestation="")
    again = replace(MINED, event="R-2", kind=Kind.CORRECT, account="P")

    for number, (one, state) in enumerate(((restated, "affected"), (again, "in_force")), start=1):
        at = START + datetime.timedelta(days=70 + number)
        custody.book_as_register(rows=[replace(one, at=at)])
        assert now(made)[0] == state
    assert list(ClaimMark.objects.values_list("affected", flat=True)) == [True, False]


@pytest.mark.parametrize(("day", "state"), [(1, "affected"), (2, "in_force")])
def test_a_level_that_falls_away_counts_from_its_day(mine: Mine, day: int, state: str) -> None:
    made = mine.claim()

    attestations.change_status(
        actor=mine.secretary,
        achievement_id=ATTESTED,
        status=Status.WITHDRAWN,
        on=datetime.date(2026, 2, day),
        reason="It never held.",
    )

    assert now(made)[0] == state


def test_a_claim_is_taken_back_by_decision_and_the_log_tells_it_offline(
    mine: Mine, outsider: Person, sign_in: Callable[[Person], Client], tmp_path: Any
) -> None:
    made = mine.claim()
    address = f"/claims/{made.claim_id}/"

    def verdict() -> dict[str, str]:
        answer = Client().post(
            "/api/v1/verify", {"text": made.file}, content_type="application/json"
        )
        return {step["name"]: step["outcome"] for step in answer.json()["steps"]}

    assert verdict()["not_revoked"] == "pass"
    with pytest.raises(RefusalError):  # while it is supported, it is its maker's alone
        operations.withdraw_claim(
            actor=mine.secretary, claim_id=made.claim_id, reason="No.", on=DAY
        )
    custody.book_as_register(rows=credits_off(41))
    page = Client().get(address).content.decode()
    assert "no longer supports this claim: 59" in page
    assert "CLAIM-001" in page
    assert "CLAIM-043" in page
    assert "Take this claim back" not in sign_in(outsider).get(address).content.decode()
    assert "no longer supported" in Client().get("/claims/").content.decode()
    assert "No longer supported" in Client().get("/register/").content.decode()
    one = Client().get(f"/api/v1/claims/{made.claim_id}").json()
    assert (one["state"], one["supported"]) == ("affected", "0.59")
    desk = sign_in(mine.clerk).get("/workspace/a-mine-ltd/").content.decode()
    assert "Claims to take back" in desk

    sign_in(mine.secretary).post(f"{address}withdraw/", {"reason": "Credits stand for it."})

    row = ClaimWithdrawal.objects.get()
    assert (row.party, row.log_index) == ("register", log.size() - 1)
    assert "The register took this claim back" in Client().get(address).content.decode()
    assert json.loads(Client().get(f"/log/entry/{row.log_index}").content)["id"] == (
        made.claim_id.urn
    )
    assert verdict()["not_revoked"] == "fail"
    whole = zipfile.ZipFile(io.BytesIO(b"".join(Client().get("/log/log.zip"))))
    whole.extractall(tmp_path)
    name, entries = read_log(tmp_path / "log", [LogKey(parse_vkey(log.vkey()), Signatures())])
    assert (name, len(entries)) == (log.origin(), log.size())


def test_what_was_taken_back_before_is_entered_once(mine: Mine) -> None:
    made = mine.claim()
    operations.withdraw_claim(actor=mine.clerk, claim_id=made.claim_id, reason="No.", on=DAY)
    ClaimWithdrawal.objects.update(log_index=None)
    size = log.size()

    assert [operations.enter_withdrawals(), operations.enter_withdrawals()] == [1, 0]
    assert ClaimWithdrawal.objects.get().log_index == size
    assert ClaimWithdrawal.objects.get().party == "maker"


def test_an_empty_log_is_not_handed_out(client: Client) -> None:
    assert client.get("/log/log.zip").status_code == 404


@pytest.mark.parametrize(("day", "edition"), [(21, "0.1"), (22, "1.0"), (23, "1.0")])
def test_the_pack_of_the_books_gives_the_words_from_its_day_on(
    mine: Mine, day: int, edition: str
) -> None:
    made = mine.claim(day=datetime.date(2026, 11, day))

    assert made.custody_pack == f"stannary/open-custody/{edition}"
    form = json.loads(made.file)["type"]
    assert form == f"stannary/claim-file/{2 if edition == '1.0' else 1}"
    assert made.sentence_en.startswith("At least 100 % of the contained lithium in lot N")


@pytest.mark.parametrize(
    ("day", "edition", "code"),
    [(21, "1.0", "CLAIM-011"), (22, "1.0", ""), (23, "0.1", ""), (23, "9.9", "PARTY-001")],
)
def test_whoever_names_a_pack_gets_its_words_once_it_is_in_force(
    mine: Mine, day: int, edition: str, code: str
) -> None:
    name = f"stannary/open-custody/{edition}"

    def claim() -> Claim:
        return mine.claim(day=datetime.date(2026, 11, day), custody_pack=name)

    if not code:
        assert claim().custody_pack == name
        return
    with pytest.raises(RefusalError) as refused:
        claim()
    assert [one.code for one in refused.value.findings] == [code]


def test_words_that_only_a_later_pack_has_are_refused_with_its_day(mine: Mine) -> None:
    with pytest.raises(RefusalError) as refused:
        mine.claim(day=datetime.date(2026, 11, 21), wording="BALANCE-SHARE-AT-LEVEL")

    facts = {one.code: one.facts for one in refused.value.findings}
    assert facts["CLAIM-011"]["in_force_from"] == "2026-11-22"
    with pytest.raises(RefusalError) as unknown:
        mine.claim(wording="SHOUT")
    assert unknown.value.rule.code == "CLAIM-003"


def test_a_claimant_under_another_pack_uses_its_words_and_the_file_holds(mine: Mine) -> None:
    """Its certificate names the pack from November on; what it mined before is of the first one."""
    begin, (first,) = datetime.date(2026, 11, 1), Certificate.objects.all()
    entities.change_status(
        actor=mine.secretary, number=first.number, status="withdrawn", on=begin, reason="It moves."
    )
    said = entities.CertificateSaid(
        entity=mine.those.slug,
        kind="mine",
        sites=("a-mine",),
        materials=("ore",),
        models=tuple(map(str, Model)),
        valid_from=begin,
        valid_until=datetime.date(2028, 1, 1),
        issuer="example-scheme",
        pack=packs.ILLUSTRATIVE,
    )
    entities.issue_certificate(actor=mine.secretary, said=said)
    today = datetime.date(2026, 11, 23)

    made = mine.claim(day=today)

    assert made.custody_pack == packs.ILLUSTRATIVE
    books = json.loads(made.file)["books"]
    assert (books["method"], books["pack"]) == ("by_certificate", packs.PACK)
    report = checking.check(made.file.encode(), name="claim.json", on=today)
    assert report.holds
    assert mine.claim(day=today, custody_pack="stannary/open-custody/0.1")
    with pytest.raises(RefusalError) as refused:
        mine.claim(day=today, custody_pack=packs.PACK)
    facts = {"pack": packs.PACK, "own": packs.ILLUSTRATIVE}
    assert [(one.code, one.facts) for one in refused.value.findings] == [("CLAIM-044", facts)]

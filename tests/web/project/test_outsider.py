"""Who may open what: every address there is, asked for by everybody there is.

A new address without a line in one of the modules `addresses_of_…` fails here, so that somebody
decides who may see it. What is sent stands in `sent.py`.
"""

import datetime
import io
from collections.abc import Iterator
from fractions import Fraction
from urllib.parse import quote
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import translation

from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.transactions import PeriodStepKind
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.respondents.operations import Asked, assign
from stannary.web.claims.models import Claim
from stannary.web.claims.operations import make_claim
from stannary.web.custody.desk.operations import hand_in
from stannary.web.custody.desk.tasks import check
from stannary.web.custody.models import MovementFile
from stannary.web.custody.operations import book_as_register
from stannary.web.cycle.models import RelevanceProposal
from stannary.web.cycle.operations import open_engagement
from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.entities.factors.operations import state as state_factor
from stannary.web.entities.models import ConversionFactor
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.independence.models import FirmApproval, InterestRecord
from stannary.web.independence.operations import Scope, apply_for_approval
from stannary.web.notebook.operations import Noted, add_note
from stannary.web.parties.models import Facility, Organisation, Person, Role, Site
from stannary.web.publications import demo as publications
from stannary.web.publications.models import PublishedResult
from stannary.web.totals.models import MineTotal
from stannary.web.transactions import forms
from stannary.web.transactions.periods.operations import prepare, take_step
from stannary.web.transactions.reconciling.operations import hand_in as statement_in
from web.project import (
    addresses_of_assurance,
    addresses_of_custody,
    addresses_of_door,
    addresses_of_register,
)
from web.project.asked import DOORS, ENGAGEMENT, MAY, NAMES, NOTE, OPEN_MINING, For
from web.project.sent import JUDGEMENT, WRITES, filled, movements_of, send

JANUARY = datetime.date(2026, 1, 1), datetime.date(2026, 1, 31)
PASSWORD = "long enough for tests"
CELLS = "example-cells"
TABLE = {
    **addresses_of_door.ADDRESSES,
    **addresses_of_register.ADDRESSES,
    **addresses_of_assurance.ADDRESSES,
    **addresses_of_custody.ADDRESSES,
}
"""Every address as the resolver writes it: one example of it, and for whom it is."""


@pytest.fixture
def examples(db: None) -> dict[str, object]:
    """Load the demonstration, and give the ids that stand in the addresses."""
    call_command("load_packs", stdout=io.StringIO())
    call_command("load_crosswalks", stdout=io.StringIO())
    call_command("demo", stdout=io.StringIO())
    verifier = Person.objects.get(username="verifier")
    waiting = apply_for_approval(
        actor=verifier,
        firm=Organisation.objects.get(slug="example-verification"),
        scope=Scope(("stannary/open-mining",), ("IS",), ("copper",)),
        statement="Because.",
    )
    water = EvidenceVersion.objects.get(
        engagement_id=ENGAGEMENT, title__startswith="Water", previous__isnull=True
    )
    add_note(
        actor=Person.objects.get(username="auditor"),
        assessment_id=Assessment.objects.get(site__slug="example-ridge", engagement=None).pk,
        noted=Noted(
            UUID(NOTE["id"]), "", NOTE["text"], datetime.datetime.fromisoformat(NOTE["noted_at"])
        ),
    )
    south = Site.objects.get(slug="example-south-mine")
    opened = open_engagement(
        actor=Person.objects.get(username="operator"),
        site=south,
        edition_id=OPEN_MINING,
        operator=Organisation.objects.get(name=south.operator),
    )
    own = opened.assessments.get(kind="self")
    begun = assign(
        actor=Person.objects.get(username="operator"),
        assessment_id=own.pk,
        asked=Asked(parts=["1.1"], name="Somebody without an account"),
    )
    clerk = Person.objects.get(username="clerk")
    file, other_file = (handed_in(clerk, event) for event in ("E-F1", "E-F2"))
    january = {"begin": forms.begin_of(JANUARY[0]), "end": forms.end_of(JANUARY[1])}
    prepare(actor=clerk, slug="example-cells", **january)
    second = Person.objects.create_user("second")
    cells = Organisation.objects.get(slug="example-cells")
    Role.objects.create(person=second, organisation=cells, kind="clerk")
    close = PeriodStepKind.CLOSE
    take_step(actor=second, slug=cells.slug, last=JANUARY[1], kind=close)
    told = statement_in(
        actor=clerk,
        slug="example-cells",
        counterparty="example-refining",
        **january,
        name="january.csv",
        content=b"transaction,account,at,quantity_kg\n",
        at=forms.end_of(JANUARY[1]),
    )
    book_as_register(rows=BLENDED)
    return {
        "statement": told.pk,
        "file": file.file_id,
        "file_sha256": file.sha256,
        "other_file": other_file.file_id,
        "other_file_sha256": other_file.sha256,
        "other_claim": said_again(clerk).claim_id,
        "self": own.pk,
        "link": begun.token,
        "assignment": begun.turn.assignment_id,
        "application": waiting.pk,
        "approval": FirmApproval.objects.get(firm__slug="example-assurance").pk,
        "factor": ConversionFactor.objects.order_by("pk")[1].pk,
        "other_factor": stated(clerk).pk,
        "interest": InterestRecord.objects.get(declaration__person=verifier).pk,
        "auditor": Person.objects.get(username="auditor").pk,
        "operator": Organisation.objects.get(slug="example-minerals").pk,
        "assessment": Assessment.objects.get(site__slug="example-ridge", engagement=None).pk,
        "audit": Assessment.objects.exclude(engagement=None)
        .get(site__slug="example-ridge", kind="audit")
        .pk,
        "published": Assessment.objects.get(
            site__slug="example-south-mine", engagement=None, state="published"
        ).pk,
        "result": PublishedResult.objects.get(site__slug="example-south-mine").result_id,
        "correction": publications.CORRECTION,
        "corrected": publications.RESULTS["example-north-mine"],
        "claim": Claim.objects.order_by("pk")[0].claim_id,
        "person": Person.objects.get(username="clerk").pk,
        "item": water.item,
        "total_day": MineTotal.objects.get(mine="example-north-mine").day,
        "version": water.pk,
    }


BLENDED = tuple(
    Row(
        event="E-SITE",
        at=datetime.datetime(2026, 3, 21, 9, tzinfo=datetime.UTC),
        kind=Kind.BLEND,
        site="example-cell-plant",
        entity="Example Cells",
        lot=lot,
        side=side,
        material="lithium carbonate",
        mass_mg=5_310_000,
        content_mg=1_000_000,
        model=Model.CONTROLLED_BLENDING if side is Side.OUT else None,
    )
    for lot, side in (("L-2041", Side.IN), ("L-SITE", Side.OUT))
)
"""A part of the lot is worked on at the plant of the clerk's organisation."""


def handed_in(clerk: Person, event: str) -> MovementFile:
    """Hand in a file of the clerk's organisation, and check it."""
    content = movements_of(event).encode()
    at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    row, _new = hand_in(actor=clerk, slug="example-cells", name="a.csv", content=content, at=at)
    check(str(row.file_id))
    return row


def stated(clerk: Person) -> ConversionFactor:
    """State another factor for the clerk's organisation."""
    day = datetime.date(2026, 1, 1)
    said = FactorSaid("ore", "metal", "smelting", "tin", "0.9", "Made up.", day, None, CELLS)
    return state_factor(actor=clerk, said=said)


def said_again(clerk: Person) -> Claim:
    """Make a second claim on the lot of the demonstration."""
    return make_claim(
        actor=clerk,
        lot_id="L-2041",
        wording="SHARE-AT-LEVEL",
        standard=OPEN_MINING,
        level="OPEN-75",
        share=Fraction(1, 8),
        element="lithium",
        made_on=datetime.date(2026, 3, 21),
        valid_until=datetime.date(2030, 3, 21),
    )


@pytest.fixture
def people(examples: dict[str, object]) -> dict[str, Client]:
    """Give everybody's browser; `rival` and `stranger` have roles, but of other organisations."""
    other = Organisation.objects.create(slug="other-assurance", name="Other", kind="firm")
    trader = Organisation.objects.get(slug="example-trading-house")
    for name in ("outsider", "rival", "stranger", "miner"):
        Person.objects.create_user(name, password=PASSWORD)
    minerals = Organisation.objects.get(slug="example-minerals")
    roles = (
        ("rival", other, "auditor"),
        ("stranger", trader, "clerk"),
        ("miner", minerals, "site_user"),
    )
    for name, organisation, kind in roles:
        person = Person.objects.get(username=name)
        Role.objects.create(person=person, organisation=organisation, kind=kind)
    browsers = {"visitor": Client()}
    for name in NAMES:
        browsers[name] = Client()
        browsers[name].force_login(Person.objects.get(username=name))
    return browsers


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Give every address that the resolver knows, as it writes them."""
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, here)
        else:
            yield here


def rows() -> dict[str, int]:
    """Count the rows of every table, sessions left out."""
    models = [model for model in apps.get_models() if model.__name__ != "Session"]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_every_address_has_a_line_that_says_for_whom_it_is() -> None:
    with translation.override("en"):
        known = list(routes(get_resolver()))

    pages = [one for one in known if not one.startswith("api/")]  # there, once for each method
    assert sorted(pages) == sorted(set(pages))
    assert set(known) == set(TABLE)


@pytest.mark.either_database
@pytest.mark.untraced
def test_everybody_gets_what_is_for_them_and_no_more(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    wrong = []
    for route, (example, kind) in TABLE.items():
        address = example.format(**examples)
        for name, browser in people.items():
            answer = browser.get(address)
            got = f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
            if got not in allowed(kind, name, address):
                wrong.append(f"{route} ({kind.value}) answers {name}: {got}")

    assert wrong == []


def allowed(kind: For, name: str, address: str) -> set[str]:
    """Give the answers that are right for one person at one address."""
    if address == "/work/" and name != "visitor":
        return {"302 /stock/", "302 /assessments/", "302 /people/", "302 /engagements/"}
    if kind is For.DOOR:
        return at_the_door(name, address)
    if name in MAY[kind]:
        return {"200"}
    if kind is For.FORMS:
        return {"405"}
    if (name != "visitor" and kind is not For.LINK_API) or kind in (For.NOBODY, For.EVIDENCE_API):
        return {"404"}  # programs read evidence that is public without an account
    programs = kind in (
        For.FIRM_API,
        For.HOLDER_API,
        For.TRADER_API,
        For.ASKING_API,
        For.SECRETARIAT_API,
        For.CELLS_API,
        For.ENGAGED_API,
        For.TEAM_API,
        For.ACCOUNTS_API,
        For.ENGAGED_SITE_API,
        For.RESPONDENT_API,
        For.LINK_API,
    )
    return {"401" if programs else f"302 /sign-in/?next={address}"}


def at_the_door(name: str, address: str) -> set[str]:
    """Give the answer that is right at the door, with the address in either form."""
    visitor, known = DOORS[address]
    answer = visitor if name == "visitor" else known
    return {answer.replace("{address}", quote(address, safe)) for safe in ("", "/")}


@pytest.mark.either_database
def test_what_is_sent_without_a_right_changes_nothing(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    before = rows()
    wrong = []
    for write in WRITES:
        address = write.address.format(**examples)
        for name, browser in people.items():
            if name in MAY[write.may]:
                continue
            answer = send(browser, address, filled(write, examples))
            if answer not in ((302, 401) if name == "visitor" else (404,)):
                wrong.append(f"{address} answers {name}: {answer}")

    assert wrong == []
    assert rows() == before


@pytest.mark.either_database
def test_what_is_sent_without_its_token_changes_nothing(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    before = rows()
    for write in WRITES:
        browser = Client(enforce_csrf_checks=True)
        right = next(iter(MAY[write.may]))
        browser.force_login(Person.objects.get(username=right))

        address = write.address.format(**examples)

        assert send(browser, address, filled(write, examples)) == 403, address

    assert rows() == before


def test_what_is_sent_by_the_right_people_does_change_something(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    publishing = "/results/publish/{assessment}/"  # the last, for it closes
    again = (
        "/assessments/{assessment}/rate/1.4.2.3/",
        "/api/v1/assessments/{assessment}/ratings",
        "/api/v1/assessments/{published}/carry-over",
        "/api/v1/results",
    )
    for write in sorted(WRITES, key=lambda one: one.address == publishing):
        if write.address in again:
            continue
        before = rows()
        name = min(MAY[write.may])

        answer = send(people[name], write.address.format(**examples), filled(write, examples))
        assert answer in (200, 201, 302), write.address
        if write.address.endswith("/judge/"):  # the row of the proposal is there already
            assert RelevanceProposal.objects.filter(chapter=JUDGEMENT["chapter"], judged="refused")
        elif "/facilities/example-cell-plant/change" in write.address:  # so is that of the facility
            assert Facility.objects.get(slug="example-cell-plant").said_by.username == name
        else:
            assert rows() != before, write.address


@pytest.mark.either_database
def test_the_same_holds_under_the_other_language(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    address = f"/fr/assessments/{examples['assessment']}/"

    assert people["visitor"].get(address).status_code == 302
    assert people["rival"].get(address).status_code == 404
    assert people["auditor"].get(address).status_code == 200
    assert people["stranger"].get("/fr/claims/new/L-2041/").status_code == 404

"""The seal of a claim, and claims that are taken back: the code tells what is so today."""

import datetime
import re
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree

import pytest
import zxingcpp
from django.test import Client
from django.utils import translation

from stannary.core.kernel import RefusalError
from stannary.web.claims import operations, queries, seal
from stannary.web.claims.models import Claim, ClaimWithdrawal
from stannary.web.claims.queries import State
from stannary.web.parties.models import Organisation, Person, Role
from web.claims.test_claims_web import picture_of

SignIn = Callable[[Person], Client]
MADE_ON = datetime.date(2026, 3, 20)
UNTIL = datetime.date(2030, 3, 20)
SVG = "{http://www.w3.org/2000/svg}"


def stored(maker: Organisation, **more: object) -> Claim:
    """Store a claim as it was signed once, without the material that it rests on."""
    given: dict[str, object] = {
        "lot": "L-7",
        "wording": "SHARE-AT-LEVEL",
        "custody_pack": "stannary/open-custody/0.1",
        "standard": "stannary/open-mining/0.1",
        "level": "OPEN-75",
        "share": "3/8",
        "element": "lithium",
        "made_by": maker,
        "made_on": MADE_ON,
        "valid_until": UNTIL,
        "sentence_en": "At least 37.5 % of the contained lithium in lot L-7 comes from <sites>.",
        "sentence_fr": "Au moins 37,5 % de la teneur en lithium du lot L-7 provient de sites.",
        "file": "{}",
        "sha256": "0" * 64,
        "log_index": 0,
    }
    return Claim.objects.create(**{**given, **more})


@pytest.fixture
def claim(maker: Organisation) -> Claim:
    return stored(maker)


def drawn(row: Claim, on: datetime.date) -> ElementTree.Element:
    with translation.override("en"):
        said = seal.seal_of(row, sentence=row.sentence_en, on=on)
        return ElementTree.fromstring(seal.draw(said))  # noqa: S314 - our own drawing


def words_of(svg: ElementTree.Element) -> str:
    said = " ".join("".join(one.itertext()) for one in svg.iter(f"{SVG}text"))
    return said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.django_db
def test_a_seal_is_text_with_a_code_that_leads_to_the_check(claim: Claim, client: Client) -> None:
    answer = client.get(f"/claims/{claim.claim_id}/seal.svg")
    text = answer.content.decode()
    svg = ElementTree.fromstring(text)  # noqa: S314 - our own drawing

    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert re.findall(r"<script|style=|<style|href=|@import|url\(", text) == []
    assert svg.get("role") == "img"
    title, described = (svg.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert described is not None
    assert title.text == "A claim that can be checked"
    assert claim.sentence_en.rstrip(".") in str(described.text)
    said = words_of(svg)
    for part in (
        "At least 37.5 %",
        "<sites>.",
        "Example Cells",
        str(claim.claim_id),
        "illustrative",
    ):
        assert part in said
    assert not re.search(r"certif|IRMA", text, re.IGNORECASE)
    assert read(text).endswith(f"/verify/?claim={claim.claim_id}")


def read(svg: str) -> str:
    """Read the code of a seal with a reader of codes."""
    group = svg[svg.index("scale(", svg.rindex("<g ")) :]
    side = re.search(r'<rect width="(\d+)"', group)
    assert side is not None
    path = re.findall(r'<path d="([^"]+)"', group)[-1]
    alone = f'<svg viewBox="0 0 {side[1]} {side[1]}"><path d="{path}"/></svg>'
    return str(zxingcpp.read_barcodes(picture_of(alone))[0].text)


@pytest.mark.django_db
def test_a_seal_speaks_french_and_its_code_leads_to_french(claim: Claim, client: Client) -> None:
    text = client.get(f"/fr/claims/{claim.claim_id}/seal.svg").content.decode()

    assert 'lang="fr"' in text
    assert "Au moins 37,5 %" in text
    assert read(text).endswith(f"/fr/verify/?claim={claim.claim_id}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "state", "says"),
    [
        (MADE_ON - datetime.timedelta(days=1), State.NOT_YET, "Not in force before 20 March 2026"),
        (MADE_ON, State.IN_FORCE, ""),
        (UNTIL - datetime.timedelta(days=1), State.IN_FORCE, ""),
        (UNTIL, State.ENDED, "Ended on 20 March 2030"),
    ],
)
def test_a_seal_says_when_its_claim_is_not_in_force(
    claim: Claim, on: datetime.date, state: State, says: str
) -> None:
    svg = drawn(claim, on)

    assert queries.state(claim, on) is state
    assert (says in words_of(svg)) is True
    assert ("line-through" in ElementTree.tostring(svg, "unicode")) is bool(says)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "state"), [(-1, State.IN_FORCE), (0, State.WITHDRAWN), (1, State.WITHDRAWN)]
)
def test_a_claim_is_taken_back_from_a_day_on(
    claim: Claim, clerk: Person, days: int, state: State
) -> None:
    day = MADE_ON + datetime.timedelta(days=30)
    operations.withdraw_claim(actor=clerk, claim_id=claim.claim_id, reason=" Why. ", on=day)

    row = queries.claim(claim.claim_id)
    on = day + datetime.timedelta(days=days)
    assert queries.state(row, on) is state
    assert ("Taken back on 19 April 2026" in words_of(drawn(row, on))) is (days >= 0)
    assert ClaimWithdrawal.objects.get().reason == "Why."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "CLAIM-041"),
        ("  ", "CLAIM-041"),
        ("x", None),
        ("x" * 1000, None),
        ("x" * 1001, "CLAIM-041"),
    ],
)
def test_whoever_takes_a_claim_back_says_why(
    claim: Claim, clerk: Person, reason: str, code: str | None
) -> None:
    def act() -> None:
        operations.withdraw_claim(actor=clerk, claim_id=claim.claim_id, reason=reason, on=MADE_ON)

    if code is None:
        act()
        return
    with pytest.raises(RefusalError) as refused:
        act()
    assert refused.value.rule.code == code
    assert not ClaimWithdrawal.objects.exists()


@pytest.mark.django_db
def test_a_claim_is_taken_back_once_and_only_by_clerks_of_its_maker(
    claim: Claim, clerk: Person, auditor: Person, outsider: Person, sign_in: SignIn
) -> None:
    other = Organisation.objects.create(slug="other", name="Other Trader", kind="trader")
    stranger = Person.objects.create_user("stranger")
    Role.objects.create(person=stranger, organisation=other, kind="clerk")
    address = f"/claims/{claim.claim_id}/withdraw/"

    for person in (auditor, outsider, stranger):
        assert sign_in(person).post(address, {"reason": "Why."}).status_code == 404
        page = sign_in(person).get(f"/claims/{claim.claim_id}/seal/")
        assert page.status_code == 200
    assert Client().post(address, {"reason": "Why."}).status_code == 302
    assert not ClaimWithdrawal.objects.exists()

    api = f"/api/v1/claims/{claim.claim_id}/withdrawal"
    own = sign_in(clerk)
    answer = own.post(api, {"reason": "Weighed wrongly."}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["withdrawn_on"] is not None
    again = own.post(api, {"reason": "Weighed wrongly."}, content_type="application/json")
    assert again.json()["code"] == "CLAIM-042"


@pytest.mark.django_db
def test_every_page_tells_that_a_claim_was_taken_back(
    demonstration: None, clerk: Person, sign_in: SignIn
) -> None:
    row = operations.make_claim(
        actor=clerk,
        lot_id="L-2041",
        wording="SHARE-AT-LEVEL",
        standard="stannary/open-mining/0.1",
        level="OPEN-75",
        share=Fraction(3, 8),
        element="lithium",
        made_on=MADE_ON,
        valid_until=UNTIL,
    )
    page, check, printed = (
        f"/claims/{row.claim_id}/",
        f"/verify/?claim={row.claim_id}",
        f"/claims/{row.claim_id}/seal/",
    )
    own = sign_in(clerk)
    assert "In force today: Example Cells" in own.get(check).content.decode()
    assert "Take this claim back" in own.get(page).content.decode()
    assert "Take this claim back" not in Client().get(page).content.decode()
    assert "Do not use this seal" not in own.get(printed).content.decode()

    empty = own.post(f"{page}withdraw/", {"reason": " "})
    assert empty.status_code == 422
    assert "CLAIM-041" in empty.content.decode()
    own.post(f"{page}withdraw/", {"reason": "It was <weighed> wrongly."})

    told = Client().get(check).content.decode()
    assert "Taken back on" in told
    assert "It was &lt;weighed&gt; wrongly." in told
    assert "In force today" not in told
    assert "the claim is over" in told
    assert "It holds" not in told
    assert "It was &lt;weighed&gt; wrongly." in Client().get(page).content.decode()
    assert "Take this claim back" not in own.get(page).content.decode()
    assert "Do not use this seal" in Client().get(printed).content.decode()
    assert "taken back" in Client().get("/claims/").content.decode()
    assert "Taken back." in Client().get("/lots/L-2041/").content.decode()
    assert b"withdrawn_on" in Client().get("/data/claims.csv").getvalue()


@pytest.mark.django_db
def test_what_stands_in_a_seal_is_never_markup(maker: Organisation) -> None:
    odd = '"><script>alert(1)</script>&amp;' * 3
    row = stored(maker, lot=odd, sentence_en=f"All of {odd}", log_index=1)

    svg = drawn(row, MADE_ON)

    assert f"All of {odd}".replace(" ", "") in words_of(svg).replace(" ", "")
    assert list(svg.iter(f"{SVG}script")) == []


def test_no_claim_is_named_by_nonsense(db: None) -> None:
    assert queries.claim_named("nonsense") is None
    assert queries.claim_named("00000000-0000-4000-8000-000000000000") is None
    assert Client().get("/verify/?claim=nonsense").status_code == 422

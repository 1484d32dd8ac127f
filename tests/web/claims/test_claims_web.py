"""Claims on the web: never more than the trace supports, by whoever holds the lot, for good."""

import datetime
import json
import re
from fractions import Fraction

import pytest
import zxingcpp
from django.test import Client
from django.utils.html import escape
from PIL import Image

from stannary.core.kernel import RefusalError
from stannary.web.claims import operations, queries
from stannary.web.claims.models import Claim
from stannary.web.custody.models import Lot
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.transparency_log import queries as log

MADE_ON = datetime.date(2026, 3, 20)


def make(actor: Person, share: Fraction, **more: object) -> Claim:
    given: dict[str, object] = {
        "lot_id": "L-2041",
        "wording": "SHARE-AT-LEVEL",
        "standard": "stannary/open-mining/0.1",
        "level": "OPEN-75",
        "element": "lithium",
        "made_on": MADE_ON,
        "valid_until": datetime.date(2027, 3, 20),
    }
    return operations.make_claim(actor=actor, share=share, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("share", "code"),
    [
        (Fraction(374_999, 1_000_000), None),
        (Fraction(3, 8), None),
        (Fraction(375_001, 1_000_000), "CLAIM-001"),
    ],
)
def test_a_claim_says_up_to_what_the_trace_supports(
    demonstration: None, clerk: Person, share: Fraction, code: str | None
) -> None:
    entries = log.size()
    if code is None:
        row = make(clerk, share)
        assert log.size() == entries + 1
        assert row.log_index == entries
        return
    with pytest.raises(RefusalError) as refused:
        make(clerk, share)
    assert refused.value.rule.code == code
    assert Claim.objects.count() == 0
    assert log.size() == entries


@pytest.mark.django_db
def test_words_about_the_whole_lot_are_refused_while_a_part_is_unknown(
    demonstration: None, clerk: Person
) -> None:
    with pytest.raises(RefusalError) as refused:
        make(clerk, Fraction(1), wording="ALL-AT-LEVEL", level="OPEN-TRANSPARENCY")

    assert "CLAIM-007" in {finding.code for finding in refused.value.findings}


@pytest.mark.django_db
def test_only_a_clerk_of_the_holder_makes_a_claim(
    demonstration: None, clerk: Person, auditor: Person, outsider: Person
) -> None:
    refiner = Organisation.objects.get(name="Example Refining")
    other = Person.objects.create_user("other")
    Role.objects.create(person=other, organisation=refiner, kind="clerk")

    for person in (auditor, outsider, other):
        with pytest.raises(RefusalError) as refused:
            make(person, Fraction(1, 8))
        assert refused.value.rule.code == "PARTY-001"
        client = Client()
        client.force_login(person)
        assert client.get("/claims/new/L-2041/").status_code == 404
        assert client.post("/claims/new/L-2041/", {"share": "1"}).status_code == 404
    assert Client().get("/claims/new/L-2041/").status_code == 302
    assert Claim.objects.count() == 0
    assert make(clerk, Fraction(1, 8)).made_by.name == "Example Cells"


@pytest.mark.django_db
def test_the_form_refuses_too_much_keeps_what_was_typed_and_then_signs(
    demonstration: None, clerk: Person
) -> None:
    client = Client()
    client.force_login(clerk)
    typed = {
        "wording": "BLEND-SHARE-AT-LEVEL",
        "level": "stannary/open-mining/0.1|OPEN-75",
        "share": "37.6",
        "element": "lithium",
        "months": "12",
    }

    refused = client.post("/claims/new/L-2041/", typed)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "CLAIM-001" in page
    assert 'value="37.6"' in page
    nonsense = client.post("/claims/new/L-2041/", {**typed, "share": "a lot"})
    assert client.post("/claims/new/L-2041/", {**typed, "share": "\u0663"}).status_code == 200
    assert "Write a number of percent" in nonsense.content.decode()
    assert Claim.objects.count() == 0

    made = client.post("/claims/new/L-2041/", {**typed, "share": "37,5 %"}, follow=True)
    row = Claim.objects.get()
    assert row.share == "3/8"
    assert "At least 37.5 %" in made.content.decode()


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(("share", "against"), [("37.5", []), ("37.6", ["CLAIM-001"])])
def test_what_would_be_signed_is_shown_in_every_language_and_nothing_is_signed(
    demonstration: None, clerk: Person, share: str, against: list[str]
) -> None:
    client = Client()
    client.force_login(clerk)
    asked = {"wording": "BLEND-SHARE-AT-LEVEL", "element": "lithium"}
    typed = asked | {"level": "stannary/open-mining/0.1|OPEN-75", "share": share, "months": "12"}
    query = asked | {"lot": "L-2041", "standard": "stannary/open-mining/0.1", "level": "OPEN-75"}

    form = client.get("/claims/new/L-2041/").content.decode()
    seen = client.post("/claims/new/L-2041/", {**typed, "preview": "1"}).content.decode()
    told = client.get("/api/v1/claims/preview", {**query, "share": f"0.{share.replace('.', '')}"})

    assert '<dd lang="fr">Le lot L-2041 est un mélange. Au moins … %' in form
    shown = {one["language"]: one["text"] for one in told.json()["sentences"]}
    assert f"At least {share} %" in shown["en"]
    assert f"Au moins {share.replace('.', ',')} %" in shown["fr"]
    assert all(f'<dd lang="{code}">{escape(text)}</dd>' in seen for code, text in shown.items())
    assert list(dict.fromkeys(one["code"] for one in told.json()["against"]))[:1] == against
    assert all(code in seen for code in against)
    assert Claim.objects.count() == 0
    wrong = client.get("/api/v1/claims/preview", {**query, "share": "3/8", "element": "cobalt"})
    assert "CLAIM-040" in {one["code"] for one in wrong.json()["against"]}
    client.logout()
    assert client.get("/api/v1/claims/preview", {**query, "share": "3/8"}).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("material", "element", "made"),
    [
        ("lithium cells", "lithium", True),
        ("lithium cells", " Lithium ", True),
        ("lithium cells", "gold", False),
        ("lithium cells", "lithium and all of the cobalt", False),
        ("cells", "cobalt", True),
        ("cells", "cobalt and lithium", False),
        ("cells", "cobalt, all of it", False),
        ("cells", "\u202ecobalt", False),
    ],
)
def test_the_element_of_a_claim_is_one_word_and_that_of_the_material(
    demonstration: None, clerk: Person, client: Client, material: str, element: str, made: bool
) -> None:
    Lot.objects.filter(lot_id="L-2041").update(material=material)
    client.force_login(clerk)
    level = "stannary/open-mining/0.1|OPEN-75"
    typed = {"wording": "BLEND-SHARE-AT-LEVEL", "level": level, "share": "37.5", "months": "12"}

    answer = client.post("/claims/new/L-2041/", {**typed, "element": element})

    assert answer.status_code == (302 if made else 200)
    assert Claim.objects.exists() == made


@pytest.mark.django_db
def test_a_claim_is_public_as_page_file_download_and_api(
    demonstration: None, clerk: Person, client: Client
) -> None:
    row = make(clerk, Fraction(3, 8))
    page = client.get(f"/claims/{row.claim_id}/").content.decode()

    assert "At least 37.5 %" in page
    assert page.count("37.5 %") >= 2
    assert "Au moins" in client.get(f"/fr/claims/{row.claim_id}/").content.decode()
    assert row.sentence_en in client.get("/claims/").content.decode()
    file = client.get(f"/claims/{row.claim_id}.claim.json")
    assert file.content.decode() == row.file
    assert json.loads(row.file)["type"] == "stannary/claim-file/1"
    assert "immutable" in file["Cache-Control"]
    assert client.get("/claims/00000000-0000-4000-8000-000000000000/").status_code == 404
    one = client.get(f"/api/v1/claims/{row.claim_id}").json()
    assert one["share"] == "3/8"
    assert client.get("/api/v1/claims").json()["items"] == [one]
    assert b"37.5 %" in client.get("/data/claims.csv").getvalue()
    assert "At least 37.5 %" in client.get("/lots/L-2041/").content.decode()


@pytest.mark.django_db
def test_the_code_on_the_product_leads_to_the_claim(
    demonstration: None, clerk: Person, client: Client
) -> None:
    row = make(clerk, Fraction(3, 8))
    page = client.get(f"/claims/{row.claim_id}/").content.decode()
    before, _class, after = page.partition('class="qr"')
    svg = before[before.rindex("<svg") :] + after[: after.index("</svg>")]

    assert "style=" not in svg
    assert zxingcpp.read_barcodes(picture_of(svg))[0].text.endswith(f"/claims/{row.claim_id}/")


def picture_of(svg: str) -> Image.Image:
    """Draw the path of a QR code: moves and horizontal strokes of one unit."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    scale = int((re.search(r"scale\((\d+)\)", svg) or ["", "1"])[1])
    path = re.findall(r' d="([^"]+)"', svg)[-1]
    side = size // scale
    picture = Image.new("L", (side, side), 255)
    x, y = 0, 0
    for command, text in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(value) for value in re.findall(r"-?\d*\.?\d+", text)]
        if command == "M":
            x, y = int(values[0]), int(values[1])
        elif command == "m":
            x, y = x + int(values[0]), y + int(values[1])
        else:
            for step in range(int(values[0])):
                picture.putpixel((x + step, y), 0)
            x += int(values[0])
    return picture.resize((side * 6, side * 6), Image.Resampling.NEAREST)


@pytest.mark.django_db
def test_the_clerk_sees_the_act_and_others_do_not(
    demonstration: None, clerk: Person, outsider: Person
) -> None:
    for person, sees in ((clerk, True), (outsider, False)):
        client = Client()
        client.force_login(person)
        assert ("/claims/new/L-2041/" in client.get("/lots/L-2041/").content.decode()) is sees
    assert queries.claim_file_text("nonsense") is None

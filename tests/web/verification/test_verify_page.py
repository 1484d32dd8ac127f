"""The check as a page and as an API: for laymen, without an account, nothing stored."""

import json
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stannary.web.claims.models import Claim
from stannary.web.parties.models import Person
from web.claims.test_claims_web import make


@pytest.fixture
def claim(demonstration: None, clerk: Person) -> Claim:
    return make(clerk, Fraction(3, 8))


def outcomes(client: Client, text: str) -> dict[str, str]:
    answer = client.post("/api/v1/verify", {"text": text}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return {step["name"]: step["outcome"] for step in answer.json()["steps"]}


@pytest.mark.django_db
def test_a_claim_of_this_register_holds_as_link_paste_and_file(
    claim: Claim, client: Client
) -> None:
    upload = SimpleUploadedFile("c.claim.json", claim.file.encode(), "application/json")
    answers = (
        client.get(f"/verify/?claim={claim.claim_id}"),
        client.post("/verify/", {"text": claim.file}),
        client.post("/verify/", {"file": upload}),
        client.post("/fr/verify/", {"text": claim.file}),
    )

    for answer in answers[:3]:
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<strong>" in page
        assert ">It holds.<" in page
        assert "At least 37.5 %" in page
        assert page.count('class="pass"') == 8
    assert "Au moins 37,5" in answers[3].content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "old", "new", "step", "where"),
    [
        (
            "movements",
            ",5000000000,140000000,",
            ",5000000000,140000001,",
            "consistent",
            "movements, line",
        ),
        ("results", '"61', '"62', "", "result"),
        ("achievements", "OPEN-50", "OPEN-75", "consistent", "achievement"),
    ],
)
def test_one_changed_digit_fails_and_says_where(
    claim: Claim, client: Client, part: str, old: str, new: str, step: str, where: str
) -> None:
    content = json.loads(claim.file)
    if part == "results":
        verdict = content["results"][0]["verdicts"][3]
        verdict["rating"] = "fully" if verdict["rating"] != "fully" else "partially"
    else:
        text = content[part] if isinstance(content[part], str) else json.dumps(content[part])
        assert old in text
        changed = text.replace(old, new, 1)
        content[part] = changed if isinstance(content[part], str) else json.loads(changed)

    answer = client.post("/verify/", {"text": json.dumps(content)})

    page = answer.content.decode()
    assert "It does not hold." in page
    assert 'class="fail"' in page
    assert where in page
    found = outcomes(client, json.dumps(content))
    assert "fail" in found.values()
    assert not step or found[step] == "fail"


@pytest.mark.django_db
def test_a_forged_credential_or_proof_fails(claim: Claim, client: Client) -> None:
    content = json.loads(claim.file)
    token = content["credential"]["id"]
    place = len(token) // 2
    content["credential"]["id"] = (
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    )
    assert "fail" in outcomes(client, json.dumps(content)).values()

    content = json.loads(claim.file)
    content["proof"] = content["proof"].replace("index 2", "index 1")
    assert outcomes(client, json.dumps(content))["logged"] == "fail"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "   ", "not json", "[]", "{}", '{"type": "stannary/claim-file/1"}', "\x00"]
)
def test_what_cannot_be_checked_gets_a_clear_answer(client: Client, text: str) -> None:
    answer = client.post("/verify/", {"text": text})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "It holds" not in page


@pytest.mark.django_db
def test_an_unknown_claim_number_is_named(client: Client) -> None:
    for number in ("00000000-0000-4000-8000-000000000000", "<b>", "x" * 3000):
        page = client.get("/verify/", {"claim": number})
        assert page.status_code == 422
        assert "There is no claim with this number here." in page.content.decode()


@pytest.mark.django_db
def test_a_hostile_file_is_shown_as_text(claim: Claim, client: Client) -> None:
    content = json.loads(claim.file)
    content["movements"] = content["movements"].replace("L-2041", "<script>alert(1)</script>")

    page = client.post("/verify/", {"text": json.dumps(content)}).content.decode()

    assert "<script>alert" not in page


@pytest.mark.django_db
def test_the_api_answers_what_it_cannot_read_as_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/verify", {"text": "nonsense"}, content_type="application/json")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"].startswith("CREDENTIAL-")

"""The secretariat invites people, gives and takes roles, closes accounts; nobody else does."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from refusals import refused_by
from stannary.web.parties import operations, queries
from stannary.web.parties.models import Organisation, Person, Role
from web.accounts.people import give_app

SignIn = Callable[[Person], Client]


@pytest.fixture
def desk(secretary: Person, sign_in: SignIn, settings: Settings) -> Client:
    """Give the browser of somebody of the secretariat, who is spared the second factor here."""
    settings.SECOND_FACTOR_ROLES = ()
    return sign_in(secretary)


def form(firm: Organisation, **other: str) -> dict[str, str]:
    return {
        "first_name": "Nina",
        "last_name": "Newcomer",
        "username": "nina",
        "email": "nina@example.org",
        "kind": "auditor",
        "organisation": str(firm.pk),
        "language": "en",
        **other,
    }


def inviting(actor: Person | None, organisation: Organisation, **other: str) -> Callable[[], Any]:
    given = {
        "username": "nina",
        "first_name": "",
        "last_name": "",
        "email": "nina@example.org",
        "kind": "auditor",
        **other,
    }
    return lambda: operations.invite(actor=actor, organisation=organisation, **given)


def test_an_invitation_makes_an_account_with_a_role_and_mails_its_link(
    desk: Client,
    firm: Organisation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post("/people/invite/", form(firm))

    person = Person.objects.get(username="nina")
    assert answer["Location"] == f"/people/{person.pk}/"
    assert not person.has_usable_password()
    assert [str(role) for role in person.roles.all()] == ["nina auditor Example Assurance"]
    (sent,) = mail.outbox
    assert sent.to == ["nina@example.org"]
    assert sent.subject == "Your account at Stannary"
    assert "http://testserver/password/" in sent.body
    page = desk.get(f"/people/{person.pk}/").content.decode()
    assert "nina has an account. The link was mailed to nina@example.org." in page
    assert "invited" in page


def test_when_nothing_is_stored_no_mail_leaves(
    secretary: Person,
    firm: Organisation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert refused_by(inviting(secretary, firm, kind="clerk")) == "PARTY-024"

    assert mail.outbox == []
    assert not Person.objects.filter(username="nina").exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("n", "PARTY-021"),
        ("ni", None),
        ("n" * 60, None),
        ("n" * 61, "PARTY-021"),
        ("été.1-a_b", None),
        ("nina@example.org", "PARTY-021"),
        ("nina newcomer", "PARTY-021"),
        (".nina", "PARTY-021"),
        ("", "PARTY-021"),
        ("SECRETARY", "PARTY-021"),
        ("<b>nina</b>", "PARTY-021"),
        ("nina\n", None),
    ],
)
def test_a_name_has_its_form_and_is_one_persons(
    secretary: Person, firm: Organisation, name: str, code: str | None
) -> None:
    assert refused_by(inviting(secretary, firm, username=name)) == code


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("bea@example.org", None),
        ("ADA@EXAMPLE.ORG", "PARTY-022"),
        ("second@example.org", "PARTY-022"),
        ("nobody", "PARTY-022"),
        ("", "PARTY-022"),
        ("a@example.org, b@example.org", "PARTY-022"),
        ("a@example.org\nBcc: b@example.org", "PARTY-022"),
    ],
)
def test_an_address_has_its_form_and_is_one_accounts(
    ada: Person, secretary: Person, firm: Organisation, address: str, code: str | None
) -> None:
    EmailAddress.objects.create(user=ada, email="second@example.org", verified=True)

    assert refused_by(inviting(secretary, firm, email=address)) == code


@pytest.mark.parametrize(
    ("kind", "of", "code"),
    [
        ("auditor", "firm", None),
        ("auditor", "scheme", "PARTY-024"),
        ("auditor", "manufacturer", "PARTY-024"),
        ("clerk", "manufacturer", None),
        ("clerk", "operator", None),
        ("clerk", "processor", None),
        ("clerk", "trader", None),
        ("clerk", "firm", "PARTY-024"),
        ("secretariat", "scheme", None),
        ("secretariat", "firm", "PARTY-024"),
        ("king", "scheme", "PARTY-024"),
    ],
)
def test_a_role_fits_the_kind_of_its_organisation(
    secretary: Person, kind: str, of: str, code: str | None
) -> None:
    place = Organisation.objects.create(slug="place", name="Place", kind=of)

    assert refused_by(inviting(secretary, place, kind=kind)) == code
    other = Person.objects.create_user("other")
    assert code == refused_by(
        lambda: operations.add_role(actor=secretary, person=other, kind=kind, organisation=place)
    )


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_keeps_names_and_addresses_apart(ada: Person) -> None:
    for name, address in (("ADA", ""), ("eva", "Ada@Example.Org")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create_user(name, address)
    Person.objects.create_user("eva")
    Person.objects.create_user("eve")  # two without an address are two


def test_whoever_is_of_no_secretariat_finds_nothing_and_does_nothing(
    auditor: Person,
    clerk: Person,
    outsider: Person,
    secretary: Person,
    firm: Organisation,
    sign_in: SignIn,
    settings: Settings,
) -> None:
    settings.SECOND_FACTOR_ROLES = ()
    role = secretary.roles.get()
    for actor in (auditor, clerk, outsider):
        browser = sign_in(actor)
        for address in ("/people/", "/people/invite/", f"/people/{secretary.pk}/"):
            assert browser.get(address).status_code == 404
            assert browser.post(address, {"act": "close"}).status_code in (404, 405)
        acts: Mapping[str, Callable[[], object]] = {
            "invite": inviting(actor, firm),
            "again": lambda actor=actor: operations.invite_again(  # type: ignore[misc] # bound now
                actor=actor, person=secretary, language="en"
            ),
            "role": lambda actor=actor: operations.add_role(  # type: ignore[misc] # bound now
                actor=actor, person=actor, kind="auditor", organisation=firm
            ),
            "take": lambda actor=actor: operations.take_role(  # type: ignore[misc] # bound now
                actor=actor, person=secretary, role_id=role.pk
            ),
            "close": lambda actor=actor: operations.set_active(  # type: ignore[misc] # bound now
                actor=actor, person=secretary, active=False
            ),
            "forget": lambda actor=actor: operations.forget_second_factors(  # type: ignore[misc] # bound now
                actor=actor, person=secretary
            ),
        }
        for name, act in acts.items():
            assert refused_by(act) == "PARTY-001", name
    assert Client().get("/people/")["Location"] == "/sign-in/?next=/people/"


def test_a_closed_secretariat_account_does_nothing_more(
    secretary: Person, firm: Organisation
) -> None:
    Person.objects.filter(pk=secretary.pk).update(is_active=False)

    assert refused_by(inviting(secretary, firm)) == "PARTY-001"


def test_an_account_is_closed_and_opened_again_with_its_roles(
    desk: Client, auditor: Person, sign_in: SignIn
) -> None:
    theirs = sign_in(auditor)
    assert theirs.get("/account/").status_code == 200

    desk.post(f"/people/{auditor.pk}/", {"act": "close"})
    assert theirs.get("/account/").status_code == 302
    assert "Open the account again" in desk.get(f"/people/{auditor.pk}/").content.decode()

    desk.post(f"/people/{auditor.pk}/", {"act": "open"})
    assert theirs.get("/account/").status_code == 200
    assert auditor.roles.count() == 1


def test_roles_are_given_and_taken(desk: Client, outsider: Person, firm: Organisation) -> None:
    address = f"/people/{outsider.pk}/"
    given = {"act": "give", "kind": "auditor", "organisation": str(firm.pk)}
    for _twice in range(2):
        assert desk.post(address, given)["Location"] == address
    role = outsider.roles.get()

    assert desk.post(address, {"act": "take", "role": str(role.pk)})["Location"] == address

    assert not outsider.roles.exists()
    assert desk.post(address, {"act": "take", "role": str(role.pk)}).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "dance"},
        {"act": "give"},
        {"act": "give", "kind": "king", "organisation": "1"},
        {"act": "take"},
        {"act": "take", "role": "x"},
    ],
)
def test_what_is_no_act_changes_nothing(
    desk: Client, outsider: Person, sent: dict[str, str]
) -> None:
    assert desk.post(f"/people/{outsider.pk}/", sent).status_code == 422


def test_nobody_takes_rights_from_their_own_account(
    desk: Client, secretary: Person, firm: Organisation
) -> None:
    address, role = f"/people/{secretary.pk}/", secretary.roles.get()
    for sent in ({"act": "close"}, {"act": "take", "role": str(role.pk)}, {"act": "forget"}):
        answer = desk.post(address, sent)
        assert answer.status_code == 422
        assert "PARTY-023" in answer.content.decode()
    secretary.refresh_from_db()
    assert secretary.is_active
    own = operations.give_role(person=secretary, kind="auditor", organisation=firm)
    assert desk.post(address, {"act": "take", "role": str(own.pk)}).status_code == 302


def test_a_new_link_goes_only_to_an_open_account_without_a_password(
    desk: Client,
    secretary: Person,
    outsider: Person,
    firm: Organisation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    person = inviting(secretary, firm)()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/people/{person.pk}/", {"act": "invite"})
        assert desk.post(f"/people/{outsider.pk}/", {"act": "invite"}).status_code == 422
        operations.set_active(actor=secretary, person=person, active=False)
        answer = desk.post(f"/people/{person.pk}/", {"act": "invite"})

    assert "PARTY-025" in answer.content.decode()
    assert [sent.to for sent in mail.outbox] == [["nina@example.org"]]


def test_second_factors_that_were_lost_are_removed_with_their_recovery_codes(
    desk: Client,
    auditor: Person,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    auditor.email = "auditor@example.org"
    auditor.save()
    give_app(auditor)
    RecoveryCodes.activate(auditor)
    assert "authenticator app" in desk.get(f"/people/{auditor.pk}/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(f"/people/{auditor.pk}/", {"act": "forget"}, follow=True)

    assert "1 second factor was removed." in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["auditor@example.org"], "Your second factors were removed")
    ]


def test_the_list_is_searched_paged_and_costs_the_same_for_any_number(
    desk: Client, secretary: Person, firm: Organisation
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/people/").status_code == 200
        return len(asked)

    few = cost()
    people = Person.objects.bulk_create(
        Person(username=f"p{n:03}", last_name=f"Family {n:03}") for n in range(120)
    )
    Role.objects.bulk_create(Role(person=one, organisation=firm, kind="auditor") for one in people)

    assert cost() == few <= 8
    first, second = (desk.get(f"/people/?page={n}").content.decode() for n in (1, 2))
    assert "121 people" in first
    assert "Family 119" not in first
    assert "Family 119" in second
    assert len(first.encode()) < 100_000
    found = desk.get("/people/?q=assurance+family+07").content.decode()
    assert "12 people" in found
    assert "Nobody fits" in desk.get("/people/?q=%25").content.decode()
    assert [one.pk for one in queries.people(secretary, words="secretary")] == [secretary.pk]


def test_hostile_names_stay_text(desk: Client, outsider: Person) -> None:
    outsider.first_name = '<script>alert("1")</script>'
    outsider.save()

    for address in ("/people/", f"/people/{outsider.pk}/"):
        assert "<script>alert" not in desk.get(address).content.decode()


def test_the_invitation_form_says_what_is_wrong_and_keeps_what_was_typed(
    desk: Client, firm: Organisation, ada: Person
) -> None:
    answer = desk.post("/people/invite/", form(firm, email="ada@example.org"))
    assert answer.status_code == 422
    assert "PARTY-022" in answer.content.decode()
    assert 'value="nina"' in answer.content.decode()

    assert desk.post("/people/invite/", form(firm, language="tlh")).status_code == 422
    assert desk.post("/people/invite/", {}).status_code == 422
    assert not Person.objects.filter(username="nina").exists()

"""One address of every kind of page that there is, with who may see it."""

import datetime
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from stannary.core.cycle import Role
from stannary.web.assessments.models import Assessment, Assignment
from stannary.web.assessments.respondents import demo as respondents
from stannary.web.assessments.respondents.operations import Asked, assign
from stannary.web.claims.models import Claim
from stannary.web.custody.desk.operations import hand_in
from stannary.web.custody.desk.tasks import check
from stannary.web.custody.models import Lot
from stannary.web.cycle import demo as cycle
from stannary.web.cycle.operations import add_member, open_engagement
from stannary.web.entities.models import ConversionFactor
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.independence import demo as independence
from stannary.web.independence.models import FirmApplication, FirmApproval, InterestRecord
from stannary.web.parties.invitations import link_for
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications import demo as publications
from stannary.web.publications.models import PublishedResult
from stannary.web.transactions import demo as transactions
from stannary.web.transactions import forms
from stannary.web.transactions.models import ClosingPeriod
from stannary.web.transactions.periods.operations import prepare
from stannary.web.transactions.reconciling.operations import hand_in as statement_in

OPEN_MINING = "stannary/open-mining/0.1"
CROSSWALK = "open-mining-1.0--open-mining-0.1"
NOT_PAGES = frozenset(
    {
        "assessments:rate_one",
        "notebook:checklist",
        "notebook:manifest",
        "notebook:now",
        "notebook:worker",
        "corrections:csv",
        "corrections:raise",
        "corrections:step",
        "claims:file",
        "claims:seal_svg",
        "claims:withdraw",
        "stock:again",
        "stock:blank",
        "stock:book",
        "stock:lots",
        "stock:movements",
        "stock:problems",
        "engagements:act",
        "engagements:add_member",
        "engagements:end_member",
        "engagements:judge",
        "engagements:overview_csv",
        "engagements:propose",
        "engagements:scope",
        "evidence:file",
        "findings:everywhere_csv",
        "stakeholders:csv",
        "stakeholders:decide",
        "stakeholders:record",
        "transactions:file",
        "credits:retire",
        "restatements:book",
        "transactions:period_step",
        "transactions:reconcile_template",
        "transactions:step",
        "lots:movements",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn",
        "lots:trace",
        "register:effect_file",
        "register:effect_file_since",
        "register:mine_lots",
        "totals:receipt",
        "results:changes_json",
        "results:json",
        "results:csv",
        "results:oscal",
        "results:pdf",
        "results:xlsx",
        "results:zip",
        "results:bundle",
    }
)
"""Named addresses under a language that answer with a file, or take a form only."""


def page_names() -> frozenset[str]:
    """Give the name of every page, as the resolver knows them."""
    found: set[str] = set()

    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                inner = (*spaces, one.namespace) if one.namespace else spaces
                walk(one, inner)
            elif isinstance(one, URLPattern) and one.name:
                found.add(":".join((*spaces, one.name)))

    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and type(one.pattern).__name__ == "LocalePrefixPattern":
            walk(one, ())
    return frozenset(found) - NOT_PAGES


def public() -> list[str]:
    """Give the addresses that anybody may read."""
    result = PublishedResult.objects.order_by("pk")[0]
    claim = Claim.objects.get()
    used_up = Lot.objects.filter(holder="")[0]
    keyholder = Person.objects.get(username="keyholder")
    unconfirmed = EmailAddress.objects.get(user=keyholder, verified=False)
    edition = reverse("standards:list") + OPEN_MINING + "/"
    newer = reverse("standards:list") + "stannary/open-mining/1.0/"
    link = respondents_link()
    return [
        reverse("answer", args=[link]),
        reverse("answer_part", args=[link, "1.1.1.1"]),
        reverse("answer_part", args=[link, "1.1"]),
        *map(
            reverse,
            (
                "account_inactive",
                "account_signup",
                "account_reset_password",
                "account_reset_password_done",
                "account_reset_password_from_key_done",
                "account_email_verification_sent",
            ),
        ),
        link_for(keyholder).removeprefix(settings.ORIGIN),
        reverse("account_reset_password_from_key", args=["1", "no-such-key"]),
        reverse("account_confirm_email", args=[EmailConfirmationHMAC(unconfirmed).key]),
        reverse("account_confirm_email", args=["no-such-key"]),
        *map(
            reverse, ("home", "about", "design", "rules", "data", "log", "account_login", "verify")
        ),
        reverse("rule", args=["SCORE-007"]),
        reverse("verify") + f"?claim={claim.claim_id}",
        reverse("sites:list"),
        reverse("sites:list") + "?country=CL&sort=-date",
        reverse("sites:list") + "?q=nothing+is+called+so",
        reverse("sites:figures"),
        reverse("sites:site", args=["salar-de-atacama-albemarle"]),
        reverse("sites:site", args=["salar-de-atacama-albemarle"]) + "?on=2024-07-01",
        reverse("sites:site", args=["stillwater"]),
        reverse("sites:site", args=["example-north-mine"]),
        reverse("firms:list"),
        reverse("firms:list") + "?country=IS&sort=-since",
        reverse("firms:list") + "?q=nobody-is-called-so",
        reverse("firms:firm", args=["example-assurance"]),
        reverse("firms:firm", args=["example-verification"]),
        reverse("standards:list"),
        edition,
        edition + "?q=water",
        edition + "?q=nothing-is-called-so",
        edition + "1.2/",
        edition + "1.1.1.1/",
        newer,
        newer + "1.1.1.3/",
        newer + "from/0.1/",
        newer + "from/0.1/?kind=split",
        newer + "from/0.1/?chapter=1.2",
        newer + "from/0.1/?chapter=1.2&kind=merged",
        newer + "tags/",
        newer + "tags/sdg:8.8/",
        newer + "translations/",
        newer + "translations/?language=fr",
        reverse("standards:list") + "irma/mining/1.0/",
        reverse("standards:list") + "stannary/open-custody/0.1/",
        reverse("crosswalks:list"),
        reverse("crosswalks:crosswalk", args=[CROSSWALK]),
        reverse("crosswalks:crosswalk", args=[CROSSWALK]) + "?page=2",
        reverse("crosswalks:crosswalk", args=[CROSSWALK]) + "?relation=unexamined",
        reverse("crosswalks:plan"),
        reverse("crosswalks:plan") + f"?lead={OPEN_MINING}&with=stannary/open-mining/1.0",
        reverse("crosswalks:gaps", args=[CROSSWALK]),
        reverse("crosswalks:gaps", args=[CROSSWALK]) + f"?result={result.result_id}",
        reverse("results:list"),
        reverse("results:page", args=[result.result_id]),
        reverse("results:page", args=[result.result_id]) + "?rating=not_met",
        reverse("results:page", args=[publications.CORRECTION]),
        reverse("results:derivation", args=[result.result_id]),
        reverse(
            "results:changes",
            args=[publications.CORRECTION, publications.RESULTS["example-north-mine"]],
        ),
        reverse("facilities:list"),
        reverse("facilities:list") + "?q=nothing-is-called-so",
        reverse("facilities:facility", args=["example-refinery"]),
        reverse("entities:list"),
        reverse("register:effect_since", args=["certificate", "EXAMPLE-COC-2", "2026-09-01"]),
        reverse("entities:list") + "?status=none",
        reverse("factors:list"),
        reverse("factors:list") + "?day=2025-06-01",
        reverse("factors:factor", args=[ConversionFactor.objects.order_by("pk")[0].pk]),
        reverse("credits:list"),
        reverse("register:register"),
        reverse("register:mine", args=["example-north-mine"]),
        reverse("register:mine", args=["stillwater"]),
        reverse("register:effect", args=["certificate", "EXAMPLE-COC-2"]),
        reverse("credits:list") + "?state=expired",
        reverse("credits:credit", args=["CR-2"]),
        reverse("entities:entity", args=["example-refining"]),
        reverse("entities:entity", args=["example-refining"]) + "?day=2025-06-01",
        reverse("lots:list"),
        reverse("lots:list") + "?q=nothing-is-called-so",
        reverse("lots:lot", args=["L-2041"]),
        reverse("lots:lot", args=[used_up.lot_id]),
        reverse("claims:list"),
        reverse("claims:claim", args=[claim.claim_id]),
        reverse("claims:seal", args=[claim.claim_id]),
        reverse("stock:list"),
        reverse("stock:stock", args=["example-cells"]),
        reverse("sites:site", args=["there-is-no-such-mine"]),
    ]


def self_assessed() -> Assessment:
    """Give a self-assessment of a site that may still rate itself; begin it where there is none."""
    operator = Person.objects.get(username="operator")
    site = Site.objects.get(slug="example-south-mine")
    there = Assessment.objects.filter(site=site, kind="self").first()
    if there is not None:
        return there
    organisation = Organisation.objects.get(name=site.operator)
    row = open_engagement(actor=operator, site=site, edition_id=OPEN_MINING, operator=organisation)
    return row.assessments.get(kind="self")


def respondents_link() -> str:
    """Give the part of a respondent's link that opens it; each call asks another person."""
    own = self_assessed()
    asked = Asked(parts=["1.1"], name=f"Respondent {Assignment.objects.count()}")
    operator = Person.objects.get(username="operator")
    return assign(actor=operator, assessment_id=own.pk, asked=asked).token


def given_to_an_account() -> int:
    """Let the site user be a respondent, too, and give the id of what they are to answer."""
    own = self_assessed()
    operator = Person.objects.get(username="operator")
    there = Assignment.objects.filter(respondent=operator).first()
    if there is not None:
        return there.pk
    add_member(
        actor=operator,
        engagement_id=UUID(str(own.engagement_id)),
        username=operator.username,
        role=Role.RESPONDENT,
    )
    asked = Asked(parts=["1.2"], username=operator.username)
    return assign(actor=operator, assessment_id=own.pk, asked=asked).turn.assignment_id


def handed_in(mass: str) -> UUID:
    """Hand in a file for the clerk's organisation, faulty if the mass is no number; give its id."""
    clerk = Person.objects.get(username="clerk")
    content = (
        "event,at,kind,site,entity,lot,side,material,mass_kg\n"
        f"E-N,2026-03-21T08:00:00Z,purchase,plant,Example Cells,L-N,out,lithium carbonate,{mass}\n"
    )
    row, _new = hand_in(
        actor=clerk,
        slug="example-cells",
        name="march.csv",
        content=content.encode(),
        at=timezone.now(),
    )
    check(str(row.file_id))
    return row.file_id


def statement_handed_in() -> str:
    """Hand in another party's statement, and give the address of its reconciliation."""
    row = statement_in(
        actor=Person.objects.get(username="clerk"),
        slug="example-cells",
        counterparty="example-refining",
        begin=forms.begin_of(datetime.date(2026, 1, 1)),
        end=forms.end_of(datetime.date(2026, 6, 30)),
        name="half-year.csv",
        content=b"transaction,account,at,quantity_kg\nL-2041 #1,lithium carbonate,2026-03-20,-5309\n",
        at=timezone.now(),
    )
    return reverse("transactions:reconciliation", args=["example-cells", row.pk])


def period_prepared() -> str:
    """Prepare a period of the clerk's organisation, and give its address."""
    last = datetime.date(2026, 3, 31)
    if not ClosingPeriod.objects.exists():
        prepare(
            actor=Person.objects.get(username="clerk"),
            slug="example-cells",
            begin=forms.begin_of(datetime.date(2026, 1, 1)),
            end=forms.end_of(last),
        )
    return reverse("transactions:period", args=["example-cells", last.isoformat()])


def half_signed_in() -> str:
    """Give the address that only somebody reads whose password was right a moment ago."""
    return reverse("mfa_authenticate")


def secretariat_s() -> list[str]:
    """Give the secretariat's pages about firms and their people."""
    approved, suspended = FirmApproval.objects.order_by("firm__slug")
    auditor = Person.objects.get(username="auditor")
    team = (
        "?firm=example-assurance&site=example-north-mine&edition=stannary/open-mining/1.0"
        f"&on=2026-11-22&audit=full&role-{auditor.pk}=lead_auditor"
    )
    return [
        reverse("independence:desk"),
        reverse("independence:application", args=[FirmApplication.objects.order_by("pk")[0].pk]),
        reverse("independence:approval", args=[approved.pk]),
        reverse("independence:approval", args=[suspended.pk]),
        reverse("independence:person", args=[auditor.pk]),
        reverse("independence:interest", args=[InterestRecord.objects.get().pk]),
        reverse("independence:check"),
        reverse("independence:check") + team,
        reverse("certificates:desk"),
        reverse("surveillance:list"),
        reverse("surveillance:certificate", args=["EXAMPLE-COC-4"]),
        reverse("factors:state"),
        reverse("factors:factor", args=[ConversionFactor.objects.order_by("pk")[1].pk]),
        reverse("certificates:issue", args=["example-refining"]),
        reverse("certificates:certificate", args=["EXAMPLE-COC-4"]),
    ]


def evidence_s() -> list[str]:
    """Give the pages of evidence of the engagement that is under way."""
    water = EvidenceVersion.objects.get(
        engagement__site__slug="example-ridge", title__startswith="Water", previous__isnull=True
    )
    twin = EvidenceVersion.objects.get(engagement=water.engagement, twin_of__isnull=False)
    every = reverse("evidence:list", args=[water.engagement_id])
    return [
        every,
        every + "?by=requirement",
        every + "?requirement=9",
        reverse("evidence:new", args=[water.engagement_id]),
        reverse("evidence:item", args=[water.engagement_id, water.item]),
        reverse("evidence:item", args=[water.engagement_id, twin.item]),
        reverse("evidence:revise", args=[water.engagement_id, water.item]),
        reverse("evidence:twin", args=[water.engagement_id, water.item]),
    ]


def findings_s() -> list[str]:
    """Give the pages of findings and input of both engagements of the demonstration."""
    north, ridge = (one.id for one in cycle.PLANS)
    every = reverse("corrections:list", args=[north])
    return [
        every,
        every + "?standing=overdue",
        every + "?requirement=9",
        *(reverse("corrections:finding", args=[north, number]) for number in (1, 2, 3)),
        reverse("corrections:list", args=[ridge]),
        reverse("stakeholders:input", args=[north]),
        reverse("stakeholders:input", args=[ridge]),
    ]


def engagement_page(plan: cycle.Plan) -> str:
    """Give the page of an engagement of the demonstration."""
    return reverse("engagements:engagement", args=[plan.id])


def signed_in() -> dict[str, list[str]]:
    """Give the addresses that only some people may read, by who reads them."""
    unfinished = Assessment.objects.get(site__slug="example-ridge", engagement=None).pk
    published = Assessment.objects.get(
        site__slug="example-south-mine", engagement=None, state="published"
    ).pk
    audits = Assessment.objects.filter(engagement__isnull=False, kind="audit")
    audit = audits.get(site__slug="example-ridge").pk
    own = Assessment.objects.get(site__slug="example-ridge", kind="self").pk
    engaged = audits.get(site__slug="example-north-mine").pk
    carried_over = Assessment.objects.get(carried_from__isnull=False).pk
    keyholder = Person.objects.get(username="keyholder")
    passkey = Authenticator.objects.get(type="webauthn").pk
    return {
        "keyholder": [
            reverse("mfa_index"),
            reverse("account_email"),
            reverse("account_change_password"),
            reverse("account_reauthenticate"),
            reverse("mfa_reauthenticate"),
            reverse("mfa_reauthenticate_webauthn"),
            reverse("mfa_deactivate_totp"),
            reverse("mfa_view_recovery_codes"),
            reverse("mfa_generate_recovery_codes"),
            reverse("mfa_list_webauthn"),
            reverse("mfa_add_webauthn"),
            reverse("mfa_edit_webauthn", args=[passkey]),
            reverse("mfa_remove_webauthn", args=[passkey]),
            reverse("account_logout"),
        ],
        "secretariat": [
            reverse("results:correct", args=[publications.CORRECTION]),
            reverse("people:list"),
            reverse("people:list") + "?q=nobody-is-called-so",
            reverse("people:invite"),
            reverse("jobs"),
            reverse("people:person", args=[keyholder.pk]),
            *secretariat_s(),
            reverse("engagements:overview"),
            reverse("engagements:overview") + "?standing=overdue",
            reverse("findings:everywhere"),
            reverse("findings:everywhere") + "?grade=observation",
            reverse("corrections:finding", args=[cycle.PLANS[0].id, 3]),
            *map(engagement_page, cycle.PLANS),
        ],
        "auditor": [
            reverse("work"),
            reverse("engagements:list"),
            *map(engagement_page, cycle.PLANS),
            reverse("assessments:list"),
            reverse("assessments:overview", args=[unfinished]),
            reverse("assessments:overview", args=[published]),
            reverse("assessments:rate", args=[unfinished]),
            reverse("notebook:book", args=[unfinished]),
            reverse("notebook:shell"),
            reverse("assessments:rate", args=[unfinished]) + "?chapter=1.1",
            reverse("assessments:rate", args=[unfinished]) + "?find=",
            reverse("assessments:rate", args=[unfinished]) + "?pending=1",
            reverse("assessments:rate", args=[unfinished]) + "?find=nothing-is-called-so",
            reverse("assessments:overview", args=[audit]),
            reverse("assessments:overview", args=[audit]) + "?as_of=2026-03-01",
            reverse("assessments:derivation", args=[audit]),
            reverse("assessments:derivation", args=[audit]) + "?as_of=2026-03-01",
            reverse("assessments:rate", args=[audit]) + "?chapter=1.1",
            reverse("assessments:overview", args=[own]),
            reverse("assessments:side_by_side", args=[audit]),
            reverse("assessments:side_by_side", args=[engaged]) + "?differ=1",
            reverse("assessments:carry_over", args=[published]),
            reverse("assessments:carry_over", args=[published]) + "?show=stands",
            reverse("assessments:carry_over", args=[published]) + "?show=dropped",
            reverse("assessments:overview", args=[carried_over]),
            reverse("assessments:rate", args=[carried_over]),
            reverse("results:publish", args=[unfinished]),
            *evidence_s(),
            *findings_s(),
            reverse("firms:inside", args=["example-assurance"]),
            reverse("firms:apply", args=["example-assurance"]),
        ],
        "verifier": [reverse("independence:declare", args=[independence.SOUTH])],
        "operator": [
            reverse("assessments:overview", args=[own]),
            reverse("assessments:respondents", args=[own]),
            reverse("assessments:respondent", args=[own, respondents.demo_s().pk]),
            reverse("assessments:to_answer", args=[given_to_an_account()]),
            reverse("assessments:to_answer_part", args=[given_to_an_account(), "1.2"]),
            reverse("engagements:open"),
            reverse("corrections:finding", args=[cycle.PLANS[0].id, 1]),
            reverse("stakeholders:input", args=[cycle.PLANS[0].id]),
            reverse("sites:units", args=["example-north-mine"]),
        ],
        "clerk": [
            reverse("mfa_index"),
            reverse("mfa_activate_totp"),
            reverse("claims:make", args=["L-2041"]),
            reverse("claims:make_of_site", args=["example-cell-plant"]),
            reverse("stock:list"),
            reverse("stock:stock", args=["example-cells"]),
            reverse("stock:file", args=["example-cells", handed_in("x")]),
            reverse("stock:file", args=["example-cells", handed_in("1")]),
            reverse("stock:files", args=["example-cells"]),
            reverse("stock:movement", args=["example-cells", "receipt"]),
            reverse("stock:movement", args=["example-cells", "blend"]),
            reverse("accounts:accounts", args=["example-cells"]),
            reverse("workspace:desk", args=["example-cells"]),
            reverse("totals:receipts", args=["example-cells"]),
            reverse("facilities:new"),
            reverse("facilities:change", args=["example-cell-plant"]),
            reverse("lots:lot", args=["L-2041"]),
            reverse("restatements:page"),
            reverse("restatements:page") + "?lot=L-2041&mass_kg=5000&content_kg=900",
            reverse("transactions:list"),
            reverse("transactions:make") + "?lot=L-2041",
            reverse("credits:credit", args=["CR-2"]),
            reverse("transactions:page", args=[transactions.OPEN]),
            reverse("transactions:page", args=[transactions.WITHDRAWN]),
            reverse("transactions:statement", args=["example-cells"]),
            reverse("transactions:reconcile", args=["example-cells"]) + "?with=example-refining",
            statement_handed_in(),
            reverse("transactions:periods", args=["example-cells"]),
            period_prepared(),
        ],
        "outsider": [reverse("assessments:list"), reverse("engagements:list")],
    }

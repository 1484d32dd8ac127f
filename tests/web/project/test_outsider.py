"""Who may open what: every address there is, asked for by everybody there is.

A new address without a line in `TABLE` fails here, so that somebody decides who may see it.
"""

import datetime
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from urllib.parse import quote
from uuid import UUID

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import translation

from stannary.web.assessments.models import Assessment
from stannary.web.assessments.respondents.operations import Asked, assign
from stannary.web.claims.models import Claim
from stannary.web.claims.operations import make_claim
from stannary.web.custody.desk.operations import hand_in
from stannary.web.custody.desk.tasks import check
from stannary.web.custody.models import MovementFile
from stannary.web.cycle.models import RelevanceProposal
from stannary.web.cycle.operations import open_engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.independence import demo as independence
from stannary.web.independence.models import FirmApproval, InterestRecord
from stannary.web.independence.operations import Scope, apply_for_approval
from stannary.web.notebook.operations import Noted, add_note
from stannary.web.parties.models import Facility, Organisation, Person, Role, Site
from stannary.web.publications import demo as publications
from stannary.web.publications.models import PublishedResult
from stannary.web.transactions import demo as transactions

OPEN_MINING = "stannary/open-mining/0.1"
ENGAGEMENT = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c02"
NORTH = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01"
NEXT_MINING = "stannary/open-mining/1.0"
CROSSWALK = "open-mining-1.0--open-mining-0.1"
PLAN = f"lead=stannary/open-mining/1.0&with={OPEN_MINING}"
TEAM_CHECK = (
    "/api/v1/independence/check?firm=example-assurance&site=example-north-mine"
    f"&edition={NEXT_MINING}&lead_auditor=auditor"
)
NOTE = {
    "id": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "text": "The gate was locked.",
    "noted_at": "2026-03-02T09:30:00+00:00",
}
PASSWORD = "long enough for tests"


class For(Enum):
    """Who gets an answer at an address; everybody else is sent to sign in, or finds nothing."""

    ALL = "everybody"
    ACCOUNTS = "whoever is signed in"
    FIRM = "auditors of the firm"
    OWNER = "clerks and site users of any organisation, and the secretariat"
    CELLS = "clerks of the organisation that has the facility, and the secretariat"
    CELLS_API = "their programs"
    HOLDER = "clerks of whoever holds the lot"
    HOLDER_API = "their programs, too"
    TRADER = "clerks of the two parties"
    TRADER_API = "programs of clerks of the two parties"
    FIRM_API = "programs of auditors of the firm"
    ENGAGED = "people of the engagement"
    EVIDENCE = "people of the engagement who read its evidence"
    EVIDENCE_ADDED = "people of the engagement who may hand evidence in"
    EVIDENCE_API = "programs of people of the engagement who read its evidence"
    TEAM_API = "programs of the audit team"
    ENGAGED_API = "programs of people of the engagement"
    OPERATOR = "site users of an operator, and the secretariat"
    ACCOUNTS_API = "programs of whoever is signed in"
    FORMS = "forms only; nothing is shown"
    SECRETARIAT = "the secretariat"
    SECRETARIAT_API = "programs of the secretariat"
    INSIDE = "people of the firm, and the secretariat"
    SITE_USER = "site users of the operator"
    ENGAGED_SITE = "site users of the engagement; none of them is asked here"
    RESPONDENT = "the respondent whom it was given to; nobody who is asked here"
    ENGAGED_SITE_API = "programs of site users of the engagement; none of them is asked here"
    RESPONDENT_API = "programs of the respondent; nobody who is asked here"
    LINK_API = "programs of whoever holds a link; nobody is asked with one here"
    ASKED = "who was asked for a declaration"
    DOOR = "whoever comes in or out; see `DOORS`"
    NOBODY = "nobody"


EVIDENCE = {
    "": "",
    "new/": "new/",
    "<uuid:item_id>/": "{item}/",
    "<uuid:item_id>/revise/": "{item}/revise/",
    "<uuid:item_id>/twin/": "{item}/twin/",
    "<uuid:item_id>/<uuid:version_id>/file": "{item}/{version}/file",
}
EVIDENCE_API = (
    ("", "", For.EVIDENCE_API),
    ("/<uuidstr:item_id>", "/{item}", For.EVIDENCE_API),
    (
        "/<uuidstr:item_id>/versions/<uuidstr:version_id>/file",
        "/{item}/versions/{version}/file",
        For.EVIDENCE_API,
    ),
    ("/<uuidstr:item_id>/versions", "/{item}/versions", For.FORMS),
    ("/<uuidstr:item_id>/twin", "/{item}/twin", For.FORMS),
)

TABLE: dict[str, tuple[str, For]] = {
    "": ("/", For.ALL),
    "about/": ("/about/", For.ALL),
    "design/": ("/design/", For.ALL),
    "open-data/": ("/open-data/", For.ALL),
    "health": ("/health", For.ALL),
    "rules/": ("/rules/", For.ALL),
    "rules/<str:code>/": ("/rules/SCORE-007/", For.ALL),
    "work/": ("/work/", For.ACCOUNTS),
    "jobs/": ("/jobs/", For.SECRETARIAT),
    "sign-in/": ("/sign-in/", For.DOOR),
    "sign-in/code/": ("/sign-in/code/", For.DOOR),
    "sign-in/passkey/": ("/sign-in/passkey/", For.DOOR),
    "sign-in/closed/": ("/sign-in/closed/", For.ALL),
    "sign-out/": ("/sign-out/", For.DOOR),
    "sign-up/": ("/sign-up/", For.ALL),
    "password/": ("/password/", For.ALL),
    "password/sent/": ("/password/sent/", For.ALL),
    "password/set/": ("/password/set/", For.ALL),
    "^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": ("/password/1-abc-def/", For.ALL),
    "account/": ("/account/", For.ACCOUNTS),
    "account/confirm/": ("/account/confirm/", For.ACCOUNTS),
    "account/confirm/code/": ("/account/confirm/code/", For.DOOR),
    "account/confirm/passkey/": ("/account/confirm/passkey/", For.DOOR),
    "account/password/": ("/account/password/", For.ACCOUNTS),
    "account/addresses/": ("/account/addresses/", For.ACCOUNTS),
    "account/addresses/sent/": ("/account/addresses/sent/", For.ALL),
    "account/addresses/<str:key>/": ("/account/addresses/no-such-key/", For.ALL),
    "account/app/": ("/account/app/", For.DOOR),
    "account/app/remove/": ("/account/app/remove/", For.DOOR),
    "account/codes/": ("/account/codes/", For.DOOR),
    "account/codes/new/": ("/account/codes/new/", For.DOOR),
    "account/codes/recovery-codes.txt": ("/account/codes/recovery-codes.txt", For.DOOR),
    "account/passkeys/": ("/account/passkeys/", For.ACCOUNTS),
    "account/passkeys/new/": ("/account/passkeys/new/", For.DOOR),
    "account/passkeys/<int:pk>/": ("/account/passkeys/1/", For.DOOR),
    "account/passkeys/<int:pk>/remove/": ("/account/passkeys/1/remove/", For.DOOR),
    "people/": ("/people/", For.SECRETARIAT),
    "people/invite/": ("/people/invite/", For.SECRETARIAT),
    "people/<int:person_id>/": ("/people/{person}/", For.SECRETARIAT),
    "verify/": ("/verify/", For.ALL),
    "sites/": ("/sites/", For.ALL),
    "sites/figures/": ("/sites/figures/", For.ALL),
    "sites/<slug:slug>/": ("/sites/example-ridge/", For.ALL),
    "sites/<slug:slug>/units/": ("/sites/example-ridge/units/", For.SITE_USER),
    **{
        f"engagements/<uuid:engagement_id>/input/{route}": (
            f"/engagements/{NORTH}/input/{route.replace('<int:number>', '1')}",
            For.FORMS if route.endswith(("record/", "decide/")) else may,
        )
        for route, may in (
            ("", For.ENGAGED),
            ("input.csv", For.EVIDENCE),
            ("record/", For.FORMS),
            ("<int:number>/decide/", For.FORMS),
        )
    },
    "findings/": ("/findings/", For.SECRETARIAT),
    "findings/findings.csv": ("/findings/findings.csv", For.SECRETARIAT),
    **{
        f"engagements/<uuid:engagement_id>/findings/{route}": (
            f"/engagements/{NORTH}/findings/{route.replace('<int:number>', '1')}",
            For.FORMS if route.endswith(("raise/", "step/")) else For.ENGAGED,
        )
        for route in ("", "findings.csv", "raise/", "<int:number>/", "<int:number>/step/")
    },
    "firms/": ("/firms/", For.ALL),
    "firms/<slug:slug>/": ("/firms/example-assurance/", For.ALL),
    "firms/<slug:slug>/inside/": ("/firms/example-assurance/inside/", For.INSIDE),
    "firms/<slug:slug>/apply/": ("/firms/example-assurance/apply/", For.INSIDE),
    "independence/": ("/independence/", For.SECRETARIAT),
    "independence/check/": ("/independence/check/", For.SECRETARIAT),
    "independence/applications/<int:application_id>/": (
        "/independence/applications/{application}/",
        For.SECRETARIAT,
    ),
    "independence/approvals/<int:approval_id>/": (
        "/independence/approvals/{approval}/",
        For.SECRETARIAT,
    ),
    "independence/people/<int:person_id>/": ("/independence/people/{auditor}/", For.SECRETARIAT),
    "independence/interests/<int:interest_id>/": (
        "/independence/interests/{interest}/",
        For.SECRETARIAT,
    ),
    "independence/declarations/<uuid:engagement_id>/": (
        f"/independence/declarations/{independence.SOUTH}/",
        For.ASKED,
    ),
    "data/firms.<str:form>": ("/data/firms.csv", For.ALL),
    "entities/": ("/entities/", For.ALL),
    "entities/<slug:slug>/": ("/entities/example-refining/", For.ALL),
    "certificates/": ("/certificates/", For.SECRETARIAT),
    "entities/<slug:slug>/accounts/": ("/entities/example-cells/accounts/", For.CELLS),
    "credits/": ("/credits/", For.ALL),
    "data/credits.<str:form>": ("/data/credits.csv", For.ALL),
    "data/credit-uses.<str:form>": ("/data/credit-uses.csv", For.ALL),
    "api/v1/credits": ("/api/v1/credits", For.ALL),
    "api/v1/credits/uses": ("/api/v1/credits/uses", For.ALL),
    "api/v1/credits/totals": ("/api/v1/credits/totals", For.ALL),
    "api/v1/entities/<entity>/accounts": (
        "/api/v1/entities/example-cells/accounts",
        For.CELLS_API,
    ),
    "certificates/to/<slug:slug>/": ("/certificates/to/example-refining/", For.SECRETARIAT),
    "certificates/<slug:number>/": ("/certificates/EXAMPLE-COC-4/", For.SECRETARIAT),
    "data/certificates.<str:form>": ("/data/certificates.csv", For.ALL),
    "api/v1/entities": ("/api/v1/entities", For.ALL),
    "api/v1/entities/<entity>": ("/api/v1/entities/example-refining", For.ALL),
    "api/v1/entities/<entity>/certificates": (
        "/api/v1/entities/example-refining/certificates",
        For.FORMS,
    ),
    "api/v1/certificates/<certificate>": ("/api/v1/certificates/EXAMPLE-COC-4", For.ALL),
    **{
        f"api/v1/certificates/<certificate>/{act}": (
            f"/api/v1/certificates/EXAMPLE-COC-4/{act}",
            For.FORMS,
        )
        for act in ("changes", "agreements")
    },
    "api/v1/firms": ("/api/v1/firms", For.ALL),
    "api/v1/firms/<firm>": ("/api/v1/firms/example-assurance", For.ALL),
    "api/v1/independence/check": (TEAM_CHECK, For.SECRETARIAT_API),
    "standards/": ("/standards/", For.ALL),
    "standards/<str:publisher>/<str:standard>/<str:edition>/": (
        f"/standards/{OPEN_MINING}/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/<chapter_id:chapter>/": (
        f"/standards/{OPEN_MINING}/1.1/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/<requirement_id:requirement>/": (
        f"/standards/{OPEN_MINING}/1.1.1.1/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/from/<str:older>/": (
        f"/standards/{NEXT_MINING}/from/0.1/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/tags/": (
        f"/standards/{NEXT_MINING}/tags/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/tags/<str:tag>/": (
        f"/standards/{NEXT_MINING}/tags/sdg:8.8/",
        For.ALL,
    ),
    "standards/<str:publisher>/<str:standard>/<str:edition>/translations/": (
        f"/standards/{OPEN_MINING}/translations/",
        For.ALL,
    ),
    "crosswalks/": ("/crosswalks/", For.ALL),
    "crosswalks/plan/": ("/crosswalks/plan/", For.ALL),
    "crosswalks/<crosswalk_name:name>/": (f"/crosswalks/{CROSSWALK}/", For.ALL),
    "crosswalks/<crosswalk_name:name>/gaps/": (f"/crosswalks/{CROSSWALK}/gaps/", For.ALL),
    "answer/<str:token>/": ("/answer/{link}/", For.ALL),
    "answer/<str:token>/<str:part>/": ("/answer/{link}/1.1.1.1/", For.ALL),
    "assessments/": ("/assessments/", For.ACCOUNTS),
    "assessments/to-answer/<int:assignment_id>/": (
        "/assessments/to-answer/{assignment}/",
        For.RESPONDENT,
    ),
    "assessments/to-answer/<int:assignment_id>/<str:part>/": (
        "/assessments/to-answer/{assignment}/1.1/",
        For.RESPONDENT,
    ),
    "assessments/<int:assessment_id>/respondents/": (
        "/assessments/{self}/respondents/",
        For.ENGAGED_SITE,
    ),
    "assessments/<int:assessment_id>/respondents/<int:assignment_id>/": (
        "/assessments/{self}/respondents/{assignment}/",
        For.ENGAGED_SITE,
    ),
    "assessments/<int:assessment_id>/": ("/assessments/{assessment}/", For.FIRM),
    "notebook/": ("/notebook/", For.ALL),
    "notebook/worker.js": ("/notebook/worker.js", For.ALL),
    "notebook/app.webmanifest": ("/notebook/app.webmanifest", For.ALL),
    "notebook/<int:assessment_id>/": ("/notebook/{assessment}/", For.FIRM),
    "notebook/<int:assessment_id>/now/": ("/notebook/{assessment}/now/", For.FIRM_API),
    "notebook/<int:assessment_id>/checklist/": (
        "/notebook/{assessment}/checklist/",
        For.FIRM_API,
    ),
    "assessments/<int:assessment_id>/derivation/": (
        "/assessments/{assessment}/derivation/",
        For.FIRM,
    ),
    "assessments/<int:assessment_id>/carry-over/": (
        "/assessments/{assessment}/carry-over/",
        For.FIRM,
    ),
    "assessments/<int:assessment_id>/side-by-side/": (
        "/assessments/{audit}/side-by-side/",
        For.FIRM,
    ),
    "assessments/<int:assessment_id>/rate/": ("/assessments/{assessment}/rate/", For.FIRM),
    "assessments/<int:assessment_id>/rate/<str:requirement_id>/": (
        "/assessments/{assessment}/rate/1.4.2.3/",
        For.FORMS,
    ),
    "engagements/": ("/engagements/", For.ACCOUNTS),
    "engagements/new/": ("/engagements/new/", For.OPERATOR),
    "engagements/overview/": ("/engagements/overview/", For.SECRETARIAT),
    "engagements/overview.csv": ("/engagements/overview.csv", For.SECRETARIAT),
    "engagements/<uuid:engagement_id>/": (f"/engagements/{ENGAGEMENT}/", For.ENGAGED),
    **{
        f"engagements/<uuid:engagement_id>/evidence/{route}": (
            f"/engagements/{ENGAGEMENT}/evidence/{address}",
            For.EVIDENCE_ADDED if route.endswith(("new/", "revise/", "twin/")) else For.EVIDENCE,
        )
        for route, address in EVIDENCE.items()
    },
    **{
        f"engagements/<uuid:engagement_id>/{form}": (
            f"/engagements/{ENGAGEMENT}/{form.replace('<int:member_id>', '1')}",
            For.FORMS,
        )
        for form in (
            "act/",
            "people/",
            "people/<int:member_id>/end/",
            "scope/",
            "relevance/",
            "relevance/judge/",
        )
    },
    "results/": ("/results/", For.ALL),
    "results/publish/<int:assessment_id>/": ("/results/publish/{assessment}/", For.FIRM),
    "results/<uuid:result_id>/": ("/results/{result}/", For.ALL),
    "results/<uuid:result_id>/derivation/": ("/results/{result}/derivation/", For.ALL),
    "results/<uuid:result_id>/correct/": ("/results/{result}/correct/", For.SECRETARIAT),
    "results/<uuid:result_id>/changes/<uuid:other_id>/": (
        "/results/{correction}/changes/{corrected}/",
        For.ALL,
    ),
    "results/<uuid:result_id>/changes/<uuid:other_id>.json": (
        "/results/{correction}/changes/{corrected}.json",
        For.ALL,
    ),
    "results/<uuid:result_id>.json": ("/results/{result}.json", For.ALL),
    "results/<uuid:result_id>.csv": ("/results/{result}.csv", For.ALL),
    "results/<uuid:result_id>.pdf": ("/results/{result}.pdf", For.ALL),
    "results/<uuid:result_id>.oscal.json": ("/results/{result}.oscal.json", For.ALL),
    "results/<uuid:result_id>.zip": ("/results/{result}.zip", For.ALL),
    "results/<uuid:result_id>.xlsx": ("/results/{result}.xlsx", For.ALL),
    "results/<uuid:result_id>.result.json": ("/results/{result}.result.json", For.ALL),
    "facilities/": ("/facilities/", For.ALL),
    "facilities/new/": ("/facilities/new/", For.OWNER),
    "facilities/<slug:slug>/": ("/facilities/example-refinery/", For.ALL),
    "facilities/<slug:slug>/change/": ("/facilities/example-cell-plant/change/", For.CELLS),
    "lots/": ("/lots/", For.ALL),
    "lots/<path:lot_id>/": ("/lots/L-2041/", For.ALL),
    "lots/<path:lot_id>/movements.csv": ("/lots/L-2041/movements.csv", For.ALL),
    "lots/<path:lot_id>/trace.json": ("/lots/L-2041/trace.json", For.ALL),
    "transactions/": ("/transactions/", For.TRADER),
    "transactions/offer/": ("/transactions/offer/", For.TRADER),
    "transactions/<uuid:offer_id>/": (f"/transactions/{transactions.OPEN}/", For.TRADER),
    "transactions/<uuid:offer_id>/step/": (f"/transactions/{transactions.OPEN}/step/", For.FORMS),
    "transactions/statement/<slug:slug>/": ("/transactions/statement/example-cells/", For.HOLDER),
    "transactions/statement/<slug:slug>/statement.<str:form>": (
        "/transactions/statement/example-cells/statement.csv",
        For.HOLDER,
    ),
    "api/v1/transactions": ("/api/v1/transactions", For.TRADER_API),
    "api/v1/transactions/<uuidstr:transaction_id>": (
        f"/api/v1/transactions/{transactions.OPEN}",
        For.TRADER_API,
    ),
    "api/v1/transactions/<uuidstr:transaction_id>/steps": (
        f"/api/v1/transactions/{transactions.OPEN}/steps",
        For.FORMS,
    ),
    "api/v1/transactions/statements/<slug:organisation>": (
        "/api/v1/transactions/statements/example-cells?begin=2026-01-01&end=2026-12-31",
        For.HOLDER_API,
    ),
    "claims/": ("/claims/", For.ALL),
    "stock/": ("/stock/", For.ALL),
    **{
        f"stock/<slug:slug>/{route}": (f"/stock/example-cells/{address}", may)
        for route, address, may in (
            ("", "", For.ALL),
            ("movements.<str:form>", "movements.xlsx", For.ALL),
            ("lots.<str:form>", "lots.csv", For.ALL),
            ("forms/<slug:task>.<str:form>", "forms/loss.xlsx", For.HOLDER),
            ("files/", "files/", For.HOLDER),
            ("files/<uuid:file_id>/", "files/{file}/", For.HOLDER),
            ("files/<uuid:file_id>/problems.xlsx", "files/{file}/problems.xlsx", For.HOLDER),
            ("files/<uuid:file_id>/book/", "files/{file}/book/", For.FORMS),
            ("files/<uuid:file_id>/again/", "files/{file}/again/", For.FORMS),
        )
    },
    "claims/<uuid:claim_id>/seal/": ("/claims/{claim}/seal/", For.ALL),
    "claims/<uuid:claim_id>/seal.svg": ("/claims/{claim}/seal.svg", For.ALL),
    "claims/<uuid:claim_id>/withdraw/": ("/claims/{claim}/withdraw/", For.FORMS),
    "claims/new/<path:lot_id>/": ("/claims/new/L-2041/", For.HOLDER),
    "claims/<uuid:claim_id>/": ("/claims/{claim}/", For.ALL),
    "claims/<uuid:claim_id>.claim.json": ("/claims/{claim}.claim.json", For.ALL),
    "log/": ("/log/", For.ALL),
    "log/checkpoint": ("/log/checkpoint", For.ALL),
    "log/vkey": ("/log/vkey", For.ALL),
    "log/proof/<int:index>": ("/log/proof/0", For.ALL),
    "log/entry/<int:index>": ("/log/entry/0", For.ALL),
    ".well-known/did.json": ("/.well-known/did.json", For.ALL),
    "data/sites.<str:form>": ("/data/sites.csv", For.ALL),
    "data/facts.<str:form>": ("/data/facts.csv", For.ALL),
    "data/facilities.<str:form>": ("/data/facilities.csv", For.ALL),
    "data/requirements.<str:form>": ("/data/requirements.csv", For.ALL),
    "data/crosswalks.<str:form>": ("/data/crosswalks.csv", For.ALL),
    "data/co-audit-plan.<str:form>": (f"/data/co-audit-plan.csv?{PLAN}", For.ALL),
    "data/results.<str:form>": ("/data/results.csv", For.ALL),
    "data/lots.<str:form>": ("/data/lots.csv", For.ALL),
    "data/movements.<str:form>": ("/data/movements.csv", For.ALL),
    "data/claims.<str:form>": ("/data/claims.csv", For.ALL),
    "api/v1/": ("/api/v1/", For.NOBODY),
    "api/v1/openapi.json": ("/api/v1/openapi.json", For.ALL),
    "api/v1/sites": ("/api/v1/sites", For.ALL),
    "api/v1/sites/figures": ("/api/v1/sites/figures", For.ALL),
    "api/v1/sites/<site>": ("/api/v1/sites/example-ridge", For.ALL),
    "api/v1/facilities": ("/api/v1/facilities", For.ALL),
    "api/v1/facilities/<facility>": ("/api/v1/facilities/example-refinery", For.ALL),
    "api/v1/facilities/<facility>/changes": (
        "/api/v1/facilities/example-refinery/changes",
        For.FORMS,
    ),
    "api/v1/standards": ("/api/v1/standards", For.ALL),
    "api/v1/standards/<publisher>/<standard>/<edition>": (
        f"/api/v1/standards/{OPEN_MINING}",
        For.ALL,
    ),
    "api/v1/standards/<publisher>/<standard>/<edition>/requirements": (
        f"/api/v1/standards/{OPEN_MINING}/requirements",
        For.ALL,
    ),
    "api/v1/standards/<publisher>/<standard>/<edition>/requirements/<requirement>": (
        f"/api/v1/standards/{OPEN_MINING}/requirements/1.1.1.1",
        For.ALL,
    ),
    "api/v1/standards/<publisher>/<standard>/<edition>/from/<older>": (
        f"/api/v1/standards/{NEXT_MINING}/from/0.1",
        For.ALL,
    ),
    "api/v1/standards/<publisher>/<standard>/<edition>/translations": (
        f"/api/v1/standards/{OPEN_MINING}/translations",
        For.ALL,
    ),
    "api/v1/crosswalks": ("/api/v1/crosswalks", For.ALL),
    "api/v1/crosswalks/plan": (f"/api/v1/crosswalks/plan?{PLAN}", For.ALL),
    "api/v1/crosswalks/<crosswalk>": (f"/api/v1/crosswalks/{CROSSWALK}", For.ALL),
    "api/v1/crosswalks/<crosswalk>/judgements": (
        f"/api/v1/crosswalks/{CROSSWALK}/judgements",
        For.ALL,
    ),
    "api/v1/crosswalks/<crosswalk>/gaps": (
        f"/api/v1/crosswalks/{CROSSWALK}/gaps?result={{result}}",
        For.ALL,
    ),
    "api/v1/assessments": ("/api/v1/assessments", For.FORMS),
    "api/v1/assessments/<int:assessment_id>/respondents": (
        "/api/v1/assessments/{self}/respondents",
        For.ENGAGED_SITE_API,
    ),
    "api/v1/assessments/<int:assessment_id>/respondents/<int:assignment_id>": (
        "/api/v1/assessments/{self}/respondents/{assignment}",
        For.ENGAGED_SITE_API,
    ),
    "api/v1/assessments/<int:assessment_id>/respondents/<int:assignment_id>/acts": (
        "/api/v1/assessments/{self}/respondents/{assignment}/acts",
        For.FORMS,
    ),
    "api/v1/assessments/to-answer": ("/api/v1/assessments/to-answer", For.ACCOUNTS_API),
    "api/v1/assessments/to-answer/<int:assignment_id>": (
        "/api/v1/assessments/to-answer/{assignment}",
        For.RESPONDENT_API,
    ),
    "api/v1/assessments/to-answer/<int:assignment_id>/answers": (
        "/api/v1/assessments/to-answer/{assignment}/answers",
        For.FORMS,
    ),
    "api/v1/assessments/to-answer/<int:assignment_id>/hand-in": (
        "/api/v1/assessments/to-answer/{assignment}/hand-in",
        For.FORMS,
    ),
    "api/v1/answer": ("/api/v1/answer", For.LINK_API),
    "api/v1/answer/answers": ("/api/v1/answer/answers", For.FORMS),
    "api/v1/answer/hand-in": ("/api/v1/answer/hand-in", For.FORMS),
    "api/v1/assessments/<int:assessment_id>/notes": (
        "/api/v1/assessments/{assessment}/notes",
        For.FIRM_API,
    ),
    "api/v1/assessments/<int:assessment_id>/notes/<uuidstr:note_id>": (
        f"/api/v1/assessments/{{assessment}}/notes/{NOTE['id']}",
        For.FIRM_API,
    ),
    "api/v1/assessments/<int:assessment_id>/carry-over": (
        "/api/v1/assessments/{assessment}/carry-over",
        For.FORMS,
    ),
    "api/v1/assessments/<int:assessment_id>/score": (
        "/api/v1/assessments/{assessment}/score",
        For.FIRM_API,
    ),
    "api/v1/assessments/<int:assessment_id>/ratings": (
        "/api/v1/assessments/{assessment}/ratings",
        For.FORMS,
    ),
    "api/v1/engagements": ("/api/v1/engagements", For.ACCOUNTS_API),
    "api/v1/engagements/overview": ("/api/v1/engagements/overview", For.SECRETARIAT_API),
    "api/v1/engagements/<uuidstr:engagement_id>": (
        f"/api/v1/engagements/{ENGAGEMENT}",
        For.ENGAGED_API,
    ),
    "api/v1/engagements/<uuidstr:engagement_id>/acts": (
        f"/api/v1/engagements/{ENGAGEMENT}/acts",
        For.FORMS,
    ),
    **{
        f"api/v1/engagements/<uuidstr:engagement_id>/evidence{route}": (
            f"/api/v1/engagements/{ENGAGEMENT}/evidence{address}",
            may,
        )
        for route, address, may in EVIDENCE_API
    },
    **{
        f"api/v1/engagements/<uuidstr:engagement_id>/findings{route}": (
            f"/api/v1/engagements/{NORTH}/findings{route.replace('<int:number>', '1')}",
            For.FORMS if route.endswith("steps") else For.ENGAGED_API,
        )
        for route in ("", "/<int:number>", "/<int:number>/steps")
    },
    "api/v1/engagements/<uuidstr:engagement_id>/input": (
        f"/api/v1/engagements/{NORTH}/input",
        For.ENGAGED_API,
    ),
    "api/v1/engagements/<uuidstr:engagement_id>/input/<int:number>": (
        f"/api/v1/engagements/{NORTH}/input/1",
        For.TEAM_API,
    ),
    "api/v1/engagements/<uuidstr:engagement_id>/input/<int:number>/decisions": (
        f"/api/v1/engagements/{NORTH}/input/1/decisions",
        For.FORMS,
    ),
    "api/v1/results": ("/api/v1/results", For.ALL),
    "api/v1/results/<uuidstr:result_id>": ("/api/v1/results/{result}", For.ALL),
    "api/v1/results/<uuidstr:result_id>/corrections": (
        "/api/v1/results/{result}/corrections",
        For.FORMS,
    ),
    "api/v1/results/<uuidstr:result_id>/changes/<uuidstr:other_id>": (
        "/api/v1/results/{correction}/changes/{corrected}",
        For.ALL,
    ),
    "api/v1/lots": ("/api/v1/lots", For.ALL),
    "api/v1/lots/<path:lot_id>": ("/api/v1/lots/L-2041", For.ALL),
    "api/v1/lots/<path:lot_id>/trace": ("/api/v1/lots/L-2041/trace", For.ALL),
    "api/v1/lots/<path:lot_id>/movements": ("/api/v1/lots/L-2041/movements", For.ALL),
    "api/v1/movements": ("/api/v1/movements", For.FORMS),
    "api/v1/movements/<path:event>": ("/api/v1/movements/E-01", For.ALL),
    "api/v1/claims": ("/api/v1/claims", For.ALL),
    "api/v1/claims/<claim_id>": ("/api/v1/claims/{claim}", For.ALL),
    "api/v1/claims/<claim_id>/withdrawal": ("/api/v1/claims/{claim}/withdrawal", For.FORMS),
    **{
        f"api/v1/stock/<organisation>/{route}": (f"/api/v1/stock/example-cells/{address}", may)
        for route, address, may in (
            ("movements", "movements", For.ALL),
            ("lots", "lots", For.ALL),
            ("forms", "forms", For.HOLDER_API),
            ("form", "form?task=loss", For.HOLDER_API),
            ("files", "files", For.FORMS),
            ("files/<uuidstr:file_id>", "files/{file}", For.HOLDER_API),
            ("files/<uuidstr:file_id>/booking", "files/{file}/booking", For.FORMS),
            ("files/<uuidstr:file_id>/check", "files/{file}/check", For.FORMS),
        )
    },
    "api/v1/log": ("/api/v1/log", For.ALL),
    "api/v1/log/entries": ("/api/v1/log/entries", For.ALL),
    "api/v1/verify": ("/api/v1/verify", For.FORMS),
}
"""Every address as the resolver writes it: one example of it, and for whom it is."""

NAMES = (
    "outsider",
    "rival",
    "stranger",
    "auditor",
    "verifier",
    "miner",
    "clerk",
    "secretariat",
)
MAY = {
    For.ALL: frozenset({"visitor", *NAMES}),
    For.ACCOUNTS: frozenset(NAMES),
    For.FIRM: frozenset({"auditor"}),
    For.FIRM_API: frozenset({"auditor"}),
    For.ENGAGED: frozenset({"auditor", "secretariat"}),
    For.EVIDENCE: frozenset({"auditor"}),
    For.EVIDENCE_ADDED: frozenset({"auditor"}),
    For.EVIDENCE_API: frozenset({"auditor"}),
    For.TEAM_API: frozenset({"auditor"}),
    For.ENGAGED_API: frozenset({"auditor", "secretariat"}),
    For.ACCOUNTS_API: frozenset(NAMES),
    For.OPERATOR: frozenset({"miner", "secretariat"}),
    For.OWNER: frozenset({"miner", "stranger", "clerk", "secretariat"}),
    For.CELLS: frozenset({"clerk", "secretariat"}),
    For.CELLS_API: frozenset({"clerk", "secretariat"}),
    For.HOLDER: frozenset({"clerk"}),
    For.HOLDER_API: frozenset({"clerk"}),
    For.TRADER: frozenset({"clerk", "stranger"}),
    For.TRADER_API: frozenset({"clerk", "stranger"}),
    For.SECRETARIAT: frozenset({"secretariat"}),
    For.SECRETARIAT_API: frozenset({"secretariat"}),
    For.INSIDE: frozenset({"auditor", "secretariat"}),
    For.SITE_USER: frozenset({"miner"}),
    For.ENGAGED_SITE: frozenset[str](),
    For.RESPONDENT: frozenset[str](),
    For.ENGAGED_SITE_API: frozenset[str](),
    For.RESPONDENT_API: frozenset[str](),
    For.LINK_API: frozenset[str](),
    For.ASKED: frozenset({"verifier"}),
    For.FORMS: frozenset[str](),
    For.DOOR: frozenset[str](),
    For.NOBODY: frozenset[str](),
}

AGAIN = "302 /account/confirm/?next={address}"
SIGN_IN = "302 /sign-in/?next={address}"
DOORS = {
    "/sign-in/": ("200", "302 /work/"),
    "/sign-in/code/": ("302 /sign-in/", "302 /work/"),
    "/sign-in/passkey/": ("302 /sign-in/", "302 /work/"),
    "/sign-out/": ("302 /", "200"),
    "/account/confirm/code/": (SIGN_IN, "302 /account/confirm/"),
    "/account/confirm/passkey/": (SIGN_IN, "302 /account/confirm/"),
    "/account/app/": (SIGN_IN, AGAIN),
    "/account/app/remove/": (SIGN_IN, "404"),
    "/account/codes/": (SIGN_IN, "404"),
    "/account/codes/recovery-codes.txt": (SIGN_IN, "404"),
    "/account/codes/new/": (SIGN_IN, AGAIN),
    "/account/passkeys/new/": (SIGN_IN, AGAIN),
    "/account/passkeys/1/": (SIGN_IN, AGAIN),
    "/account/passkeys/1/remove/": (SIGN_IN, AGAIN),
}
"""Addresses of the door, each with what a visitor and what somebody signed in is answered."""

RATING: dict[str, object] = {
    "requirement": "1.4.2.3",
    "rating": "fully",
    "rationale": "",
    "evidence": [],
    "seen": None,
}
OPENING = {
    "site": "example-north-mine",
    "edition": "irma/mining/1.0",
    "firm": "example-assurance",
}
JUDGEMENT = {"chapter": "3.5", "judged": "refused", "reason": "The road is patrolled."}
CERTIFICATE = {
    "kind": "manufacturer",
    "sites": ["example-cell-plant"],
    "materials": "lithium carbonate",
    "models": ["segregated"],
    "valid_from": "2026-01-01",
    "valid_until": "2027-01-01",
    "issuer": "example-scheme",
}
TOLL = {
    "contractor": "Example Toll Milling",
    "site": "example-mill",
    "valid_from": "2026-01-01",
    "reference": "Contract 7, illustrative",
}
PERMIT = {
    "title": "Permit",
    "covers_from": "2025",
    "requirements": "1.1.1.1",
    "visibility": "confidential",
    "link": "https://example.org/permit",
}
FINDING = {"requirement": "1.1.1.1", "grade": "minor", "text": "A register has gaps."}
HEARD = {"group": "workers", "channel": "interview", "topic": "Dust.", "said_from": "2026-09"}
BECAME = {"disposition": "verdict", "reason": "It was measured.", "seen": 0}
MORE_TIME = {"step": "extend", "seen": "0", "text": "A part is late.", "until": "2030-01-01"}
MOVEMENTS = (
    "event,at,kind,site,entity,lot,side,material,mass_mg\n"
    "E-N,2026-03-21T08:00:00Z,purchase,plant,Example Cells,L-N,out,lithium carbonate,1000\n"
)
FROM_EXAMPLES = ("{assessment}", "{operator}", "{file_sha256}", "{other_file_sha256}")
OFFER = {"lot": "L-2041", "buyer": "example-trading-house"}
CLAIM_IN = {
    "lot": "L-2041",
    "wording": "SHARE-AT-LEVEL",
    "standard": OPEN_MINING,
    "level": "OPEN-75",
    "share": "3/8",
    "element": "lithium",
}
STORE = {"name": "Store", "kind": "warehouse", "country": "DK"}
CLAIM = {
    "wording": "SHARE-AT-LEVEL",
    "level": f"{OPEN_MINING}|OPEN-75",
    "share": "37.5",
    "element": "lithium",
    "months": "12",
}


APPLYING = {
    "standards": "stannary/open-mining",
    "countries": "Iceland",
    "any_material": "on",
    "statement": "Because.",
}
FIGURES = {
    "operator": "{operator}",
    "year_ended_on": "2025-12-31",
    "from_operator": "1",
    "in_all": "100",
    "currency": "EUR",
}
SUSPENDING = {"act": "suspend", "suspend-since": "2026-06-01", "suspend-reason": "It went badly."}
COMPETENCE = {"act": "add", "kind": "tailings", "since": "2026-01-01", "source": "A school."}


CORRECTED = {"requirement": "1.1.1.2", "rating": "partially", "reason": "Seen again."}
CORRECTING = {
    "reason": "Why.",
    "requirement": "1.1.1.2",
    "rating": "fully",
    "why": "Seen again.",
    "confirm": "yes",
}


@dataclass(frozen=True)
class Write:
    """Something that is sent, and who may send it."""

    address: str
    sent: Mapping[str, object] | str
    may: For
    json: bool = False


WRITES = (
    Write(
        "/assessments/{assessment}/rate/",
        {"chapter": "1.4", "rating-1.4.2.3": "fully", "seen-1.4.2.3": ""},
        For.FIRM,
    ),
    Write(
        "/assessments/{assessment}/rate/1.4.2.3/",
        {**RATING, "evidence": ""},
        For.FIRM_API,
        json=True,
    ),
    Write("/api/v1/assessments/{assessment}/ratings", RATING, For.FIRM_API, json=True),
    Write(
        "/api/v1/assessments/{assessment}/notes",
        {**NOTE, "id": "8e03978e-40d5-43e8-bc93-6894a57f9325"},
        For.FIRM_API,
        json=True,
    ),
    Write("/assessments/{assessment}/carry-over/", {"to": NEXT_MINING}, For.FIRM),
    Write(
        "/api/v1/assessments/{published}/carry-over",
        {"edition": NEXT_MINING},
        For.FIRM_API,
        json=True,
    ),
    Write("/results/publish/{assessment}/", {"confirm": "yes"}, For.FIRM),
    Write("/results/{result}/correct/", CORRECTING, For.SECRETARIAT),
    Write(
        "/api/v1/results/{correction}/corrections",
        {"reason": "Why.", "verdicts": [CORRECTED], "confirm": True},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/firms/example-assurance/apply/", APPLYING, For.FIRM),
    Write("/firms/example-assurance/inside/", FIGURES, For.INSIDE),
    Write(
        "/independence/applications/{application}/",
        {"act": "refuse", "refuse-reason": "No."},
        For.SECRETARIAT,
    ),
    Write("/independence/approvals/{approval}/", SUSPENDING, For.SECRETARIAT),
    Write("/independence/people/{auditor}/", COMPETENCE, For.SECRETARIAT),
    Write(
        "/independence/interests/{interest}/",
        {"act": "clear", "reason": "It is small."},
        For.SECRETARIAT,
    ),
    Write(f"/independence/declarations/{independence.SOUTH}/", {"whole": "on"}, For.ASKED),
    Write(
        "/sites/example-ridge/units/",
        {"act": "save", "name": "Camp", "kind": "camp", "in_scope": "on"},
        For.SITE_USER,
    ),
    Write("/facilities/new/", {**STORE, "organisation": "example-cells"}, For.OWNER),
    Write(
        "/facilities/example-cell-plant/change/",
        {**STORE, "name": "Plant", "seen": "1"},
        For.CELLS,
    ),
    Write(
        "/api/v1/facilities",
        {**STORE, "name": "Store 2", "organisation": "example-cells"},
        For.CELLS_API,
        json=True,
    ),
    Write(
        "/api/v1/facilities/example-cell-plant/changes",
        {**STORE, "name": "Cell Plant", "seen": 2},
        For.CELLS_API,
        json=True,
    ),
    Write(
        "/certificates/",
        {"act": "record", "organisation": "example-minerals", "kind": "mine"},
        For.SECRETARIAT,
    ),
    Write("/certificates/to/example-cells/", {"act": "issue", **CERTIFICATE}, For.SECRETARIAT),
    Write(
        "/certificates/EXAMPLE-COC-1/",
        {
            "act": "agree",
            **{f"agree-{name}": value for name, value in TOLL.items()},
        },
        For.SECRETARIAT,
    ),
    Write(
        "/api/v1/entities/example-cells/certificates",
        {**CERTIFICATE, "materials": ["lithium carbonate"]},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/api/v1/certificates/EXAMPLE-COC-1/agreements", TOLL, For.SECRETARIAT_API, json=True),
    Write(
        "/api/v1/certificates/EXAMPLE-COC-1/changes",
        {"status": "suspended", "on": "2027-06-01", "reason": "No books."},
        For.SECRETARIAT_API,
        json=True,
    ),
    Write("/claims/new/L-2041/", CLAIM, For.HOLDER),
    Write("/api/v1/assessments", OPENING, For.FIRM_API, json=True),
    Write(
        "/api/v1/results", {"assessment": "{assessment}", "confirm": True}, For.FIRM_API, json=True
    ),
    Write(f"/engagements/{ENGAGEMENT}/evidence/new/", PERMIT, For.EVIDENCE_ADDED),
    Write(f"/engagements/{ENGAGEMENT}/input/record/", HEARD, For.ENGAGED),
    Write(f"/api/v1/engagements/{ENGAGEMENT}/input", HEARD, For.ENGAGED_API, json=True),
    Write(f"/engagements/{ENGAGEMENT}/input/1/decide/", BECAME, For.ENGAGED),
    Write(
        f"/api/v1/engagements/{ENGAGEMENT}/input/1/decisions",
        {**BECAME, "seen": 1},
        For.ENGAGED_API,
        json=True,
    ),
    Write(f"/engagements/{ENGAGEMENT}/findings/raise/", FINDING, For.ENGAGED),
    Write(f"/engagements/{NORTH}/findings/1/step/", MORE_TIME, For.ENGAGED),
    Write(f"/api/v1/engagements/{ENGAGEMENT}/findings", FINDING, For.ENGAGED_API, json=True),
    Write(
        f"/api/v1/engagements/{NORTH}/findings/1/steps",
        {"kind": "extend", **MORE_TIME, "seen": 1, "until": "2031-01-01"},
        For.ENGAGED_API,
        json=True,
    ),
    Write(f"/engagements/{ENGAGEMENT}/relevance/judge/", JUDGEMENT, For.ENGAGED),
    Write(f"/engagements/{ENGAGEMENT}/act/", {"act": "finish_stage_1", "seen": "8"}, For.ENGAGED),
    Write("/transactions/offer/", {**OFFER, "mass_kg": "1", "until": "2030-01-01"}, For.HOLDER),
    Write(
        "/api/v1/transactions",
        {**OFFER, "quantity_mg": "1000", "expires_at": "2030-01-01T00:00:00Z"},
        For.HOLDER,
        json=True,
    ),
    Write(
        f"/transactions/{transactions.OPEN}/step/",
        {"step": "withdraw", "seen": "1", "reason": "made up"},
        For.TRADER,
    ),
    Write(
        f"/api/v1/transactions/{transactions.OTHER}/steps",
        {"kind": "withdraw", "seen": 1, "reason": "made up"},
        For.HOLDER,
        json=True,
    ),
    Write("/stock/example-cells/files/", {"file": "{upload} E-UP-1"}, For.HOLDER),
    Write("/stock/example-cells/files/{file}/again/", {}, For.HOLDER),
    Write("/stock/example-cells/files/{file}/book/", {"sha256": "{file_sha256}"}, For.HOLDER),
    Write("/api/v1/stock/example-cells/files", {"file": "{upload} E-UP-2"}, For.HOLDER),
    Write("/api/v1/stock/example-cells/files/{other_file}/check", {}, For.HOLDER, json=True),
    Write(
        "/api/v1/stock/example-cells/files/{other_file}/booking",
        {"sha256": "{other_file_sha256}"},
        For.HOLDER,
        json=True,
    ),
    Write("/claims/{claim}/withdraw/", {"reason": "It was weighed wrongly."}, For.HOLDER),
    Write(
        "/api/v1/claims/{other_claim}/withdrawal",
        {"reason": "It was weighed wrongly."},
        For.HOLDER,
        json=True,
    ),
    Write("/api/v1/movements", MOVEMENTS, For.HOLDER),
    Write("/api/v1/claims", CLAIM_IN, For.HOLDER, json=True),
)
"""Every act that changes something, but signing in and out."""


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
    return {
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
        "version": water.pk,
    }


def handed_in(clerk: Person, event: str) -> MovementFile:
    """Hand in a file of the clerk's organisation, and check it."""
    content = movements_of(event).encode()
    at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    row, _new = hand_in(actor=clerk, slug="example-cells", name="a.csv", content=content, at=at)
    check(str(row.file_id))
    return row


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
        elif "/facilities/example-cell-plant/" in write.address:  # so is that of the facility
            assert Facility.objects.get(slug="example-cell-plant").said_by.username == name
        else:
            assert rows() != before, write.address


def filled(write: Write, examples: Mapping[str, object]) -> Write:
    """Put the ids of the demonstration into what is sent."""
    if isinstance(write.sent, str):
        return write
    sent = {
        name: examples[str(value).strip("{}")] if value in FROM_EXAMPLES else value
        for name, value in write.sent.items()
    }
    if str(sent.get("file", "")).startswith("{upload} "):
        event = str(sent["file"]).removeprefix("{upload} ")
        sent["file"] = SimpleUploadedFile("a.csv", movements_of(event).encode())
    return replace(write, sent=sent)


def movements_of(event: str) -> str:
    """Give a file of one movement, with an event and a lot of their own."""
    return MOVEMENTS.replace("E-N", event).replace("L-N", f"L-{event}")


def send(browser: Client, address: str, write: Write) -> int:
    if isinstance(write.sent, str):
        answer = browser.post(address, write.sent, content_type="text/csv")
    elif write.json:
        answer = browser.post(
            address, json.dumps(dict(write.sent)), content_type="application/json"
        )
    else:
        answer = browser.post(address, dict(write.sent))
    return int(answer.status_code)


def test_the_same_holds_under_the_other_language(
    people: dict[str, Client], examples: dict[str, object]
) -> None:
    address = f"/fr/assessments/{examples['assessment']}/"

    assert people["visitor"].get(address).status_code == 302
    assert people["rival"].get(address).status_code == 404
    assert people["auditor"].get(address).status_code == 200
    assert people["stranger"].get("/fr/claims/new/L-2041/").status_code == 404

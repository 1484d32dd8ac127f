"""Addresses of sites, firms, standards and the log: one example of each, and for whom it is."""

from stannary.web.independence import demo as independence
from web.project.asked import CROSSWALK, NEXT_MINING, OPEN_MINING, PLAN, TEAM_CHECK, For

ADDRESSES: dict[str, tuple[str, For]] = {
    "verify/": ("/verify/", For.ALL),
    "sites/": ("/sites/", For.ALL),
    "sites/figures/": ("/sites/figures/", For.ALL),
    "sites/<slug:slug>/": ("/sites/example-ridge/", For.ALL),
    "sites/<slug:slug>/units/": ("/sites/example-ridge/units/", For.SITE_USER),
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
    "register/": ("/register/", For.ALL),
    "register/mines/<slug:slug>/": ("/register/mines/example-north-mine/", For.ALL),
    "register/mines/<slug:slug>/lots.<str:form>": (
        "/register/mines/example-north-mine/lots.csv",
        For.ALL,
    ),
    "data/credits-by-mine.<str:form>": ("/data/credits-by-mine.csv", For.ALL),
    "register/suspensions/<slug:kind>/<str:name>/": (
        "/register/suspensions/certificate/EXAMPLE-COC-2/",
        For.ALL,
    ),
    "register/suspensions/<slug:kind>/<str:name>/effect.<str:form>": (
        "/register/suspensions/certificate/EXAMPLE-COC-2/effect.csv",
        For.ALL,
    ),
    "register/suspensions/<slug:kind>/<str:name>/<str:since>/": (
        "/register/suspensions/certificate/EXAMPLE-COC-2/2026-09-01/",
        For.ALL,
    ),
    "register/suspensions/<slug:kind>/<str:name>/<str:since>/effect.<str:form>": (
        "/register/suspensions/certificate/EXAMPLE-COC-2/2026-09-01/effect.csv",
        For.ALL,
    ),
    "workspace/<slug:slug>/": ("/workspace/example-cells/", For.HOLDER),
    "workspace/<slug:slug>/totals/": ("/workspace/example-cells/totals/", For.HOLDER),
    "workspace/<slug:slug>/totals/<slug:mine>/<str:day>.json": (
        "/workspace/example-cells/totals/example-north-mine/{total_day}.json",
        For.HOLDER,
    ),
    "api/v1/totals/<site>": ("/api/v1/totals/example-north-mine", For.ALL),
    "api/v1/totals/<site>/receipts/<entity>": (
        "/api/v1/totals/example-north-mine/receipts/example-cells",
        For.HOLDER_API,
    ),
    "data/suspensions.<str:form>": ("/data/suspensions.csv", For.ALL),
    "api/v1/register": ("/api/v1/register", For.ALL),
    "certificates/to/<slug:slug>/": ("/certificates/to/example-refining/", For.SECRETARIAT),
    "certificates/<slug:number>/": ("/certificates/EXAMPLE-COC-4/", For.SECRETARIAT),
    "surveillance/": ("/surveillance/", For.ACCOUNTS),
    "surveillance/<slug:number>/": ("/surveillance/EXAMPLE-COC-4/", For.SECRETARIAT),
    "data/certificates.<str:form>": ("/data/certificates.csv", For.ALL),
    "api/v1/entities": ("/api/v1/entities", For.ALL),
    "api/v1/entities/<entity>": ("/api/v1/entities/example-refining", For.ALL),
    "api/v1/entities/<entity>/certificates": (
        "/api/v1/entities/example-refining/certificates",
        For.FORMS,
    ),
    "conversion-factors/": ("/conversion-factors/", For.ALL),
    "conversion-factors/new/": ("/conversion-factors/new/", For.ASKING),
    "conversion-factors/<slug:number>/": ("/conversion-factors/{factor}/", For.ALL),
    "api/v1/conversion-factors": ("/api/v1/conversion-factors", For.ALL),
    "api/v1/conversion-factors/<factor>": ("/api/v1/conversion-factors/{factor}", For.ALL),
    **{
        f"api/v1/conversion-factors/<factor>/{act}": (
            f"/api/v1/conversion-factors/{{factor}}/{act}",
            For.FORMS,
        )
        for act in ("approvals", "withdrawals")
    },
    "api/v1/certificates/<certificate>": ("/api/v1/certificates/EXAMPLE-COC-4", For.ALL),
    **{
        f"api/v1/certificates/<certificate>/{act}": (
            f"/api/v1/certificates/EXAMPLE-COC-4/{act}",
            For.FORMS,
        )
        for act in ("changes", "agreements", "pilot-end", "surveillance")
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
    "facilities/": ("/facilities/", For.ALL),
    "facilities/new/": ("/facilities/new/", For.OWNER),
    "facilities/<slug:slug>/": ("/facilities/example-refinery/", For.ALL),
    "facilities/<slug:slug>/change/": ("/facilities/example-cell-plant/change/", For.CELLS),
    "log/": ("/log/", For.ALL),
    "log/checkpoint": ("/log/checkpoint", For.ALL),
    "log/log.zip": ("/log/log.zip", For.ALL),
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
    "api/v1/sites": ("/api/v1/sites", For.ALL),
    "api/v1/sites/figures": ("/api/v1/sites/figures", For.ALL),
    "api/v1/sites/<site>": ("/api/v1/sites/example-ridge", For.ALL),
    "api/v1/facilities": ("/api/v1/facilities", For.ALL),
    "api/v1/facilities/<facility>": ("/api/v1/facilities/example-refinery", For.ALL),
    "api/v1/facilities/<facility>/blended": (
        "/api/v1/facilities/example-refinery/blended",
        For.ALL,
    ),
    "api/v1/facilities/<facility>/blends": (
        "/api/v1/facilities/example-refinery/blends",
        For.ALL,
    ),
    "api/v1/facilities/<facility>/claims": (
        "/api/v1/facilities/example-cell-plant/claims",
        For.FORMS,
    ),
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
    "api/v1/log": ("/api/v1/log", For.ALL),
    "api/v1/log/entries": ("/api/v1/log/entries", For.ALL),
    "api/v1/verify": ("/api/v1/verify", For.FORMS),
}

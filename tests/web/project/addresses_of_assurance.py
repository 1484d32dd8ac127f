"""Addresses of assessments, engagements and results: one example of each, and for whom it is."""

from web.project.asked import ENGAGEMENT, NORTH, NOTE, For

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

ADDRESSES: dict[str, tuple[str, For]] = {
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
    "data/results.<str:form>": ("/data/results.csv", For.ALL),
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
}

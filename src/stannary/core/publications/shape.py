"""A published result as JSON values, and back.

Rules: PUBLICATION-006.
"""

from collections.abc import Mapping

from stannary.core.publications.about import Ruling, SiteWord
from stannary.core.publications.json_values import (
    as_day,
    as_flag,
    as_json,
    as_list,
    as_object,
    as_text,
    check_keys,
    wrong,
)
from stannary.core.publications.results import (
    RESULT_TYPE,
    RESULT_TYPE_2,
    DerivedStep,
    PublishedResult,
    PublishedVerdict,
)
from stannary.core.publications.shape_about import about_as_dict, about_from_dict
from stannary.core.standards import Rating

_KEYS = (
    "type",
    "id",
    "site",
    "standard",
    "pack_sha256",
    "as_of",
    "published_on",
    "firm",
    "lead_auditor",
    "verdicts",
    "score",
    "derivation",
)
_KEYS_2 = (
    "type",
    "id",
    "kind",
    "site",
    "engagement",
    "standard",
    "pack_sha256",
    "as_of",
    "published_on",
    "firm",
    "lead_auditor",
    "team",
    "scope",
    "dates",
    "not_relevant_chapters",
    "verdicts",
    "score",
    "derivation",
    "stakeholder_input",
    "corrective_actions",
    "earlier",
    "notice",
)
_VERDICT = ("requirement", "title", "critical", "rating", "reason", "evidence")
_VERDICT_2 = (*_VERDICT, "site", "ruling")


def result_as_dict(result: PublishedResult) -> dict[str, object]:
    """Give everything public of a result: what is hashed, signed, logged and downloaded.

    Days are written YYYY-MM-DD, points and shares are text, counts whole numbers. A result keeps
    the form in which it was published.
    """
    more = {} if result.about is None else about_as_dict(result.about)
    whole: dict[str, object] = {
        "type": result.type,
        "id": result.id,
        "site": {
            "id": result.site_id,
            "name": result.site_name,
            "illustrative": result.illustrative,
        },
        "standard": result.standard,
        "pack_sha256": result.pack_sha256,
        "as_of": result.as_of.isoformat(),
        "published_on": result.published_on.isoformat(),
        "firm": result.firm,
        "lead_auditor": result.lead_auditor,
        "verdicts": [_verdict_as_dict(one, second=bool(more)) for one in result.verdicts],
        "score": as_json(result.score, "score"),
        "derivation": steps_as_list(result.derivation),
        **more,
    }
    return {key: whole[key] for key in (_KEYS_2 if more else _KEYS)}


def _verdict_as_dict(verdict: PublishedVerdict, *, second: bool) -> dict[str, object]:
    shape: dict[str, object] = {
        "requirement": verdict.requirement,
        "title": verdict.title,
        "critical": verdict.critical,
        "rating": str(verdict.rating),
        "reason": verdict.reason,
        "evidence": list(verdict.evidence),
    }
    if not second:
        return shape
    site, ruling = verdict.site, verdict.ruling
    shape["site"] = site and {"rating": str(site.rating), "reason": site.reason}
    shape["ruling"] = ruling and {"by": ruling.by, "reason": ruling.reason}
    return shape


def steps_as_list(steps: tuple[DerivedStep, ...]) -> list[object]:
    """Give the steps of a derivation as JSON values."""
    return [{"code": step.code, "text": step.text, "facts": dict(step.facts)} for step in steps]


def result_from_dict(content: Mapping[str, object]) -> PublishedResult:
    """Read a result from JSON values; whether what it says is so, `check_result` tells.

    Raises:
        RefusalError: PUBLICATION-006 if a key is missing or unknown, or a value is of another
            kind; the fact `key` says where.
    """
    if content.get("type", RESULT_TYPE) not in (RESULT_TYPE, RESULT_TYPE_2):
        wrong("type", f'neither "{RESULT_TYPE}" nor "{RESULT_TYPE_2}"')
    second = content.get("type") == RESULT_TYPE_2
    check_keys(content, _KEYS_2 if second else _KEYS, "")
    site = as_object(content["site"], "site", ("id", "name", "illustrative"))
    return PublishedResult(
        id=as_text(content["id"], "id"),
        site_id=as_text(site["id"], "site.id"),
        site_name=as_text(site["name"], "site.name"),
        illustrative=as_flag(site["illustrative"], "site.illustrative"),
        standard=as_text(content["standard"], "standard"),
        pack_sha256=as_text(content["pack_sha256"], "pack_sha256"),
        as_of=as_day(content["as_of"], "as_of"),
        published_on=as_day(content["published_on"], "published_on"),
        firm=as_text(content["firm"], "firm"),
        lead_auditor=as_text(content["lead_auditor"], "lead_auditor"),
        verdicts=tuple(
            _verdict(item, f"verdicts[{n}]", second=second)
            for n, item in enumerate(as_list(content["verdicts"], "verdicts"))
        ),
        score={
            key: as_json(item, f"score.{key}")
            for key, item in as_object(content["score"], "score", None).items()
        },
        derivation=tuple(
            _step(item, f"derivation[{n}]")
            for n, item in enumerate(as_list(content["derivation"], "derivation"))
        ),
        about=about_from_dict(content) if second else None,
    )


def _verdict(item: object, path: str, *, second: bool) -> PublishedVerdict:
    verdict = as_object(item, path, _VERDICT_2 if second else _VERDICT)
    return PublishedVerdict(
        requirement=as_text(verdict["requirement"], f"{path}.requirement"),
        title=as_text(verdict["title"], f"{path}.title"),
        critical=as_flag(verdict["critical"], f"{path}.critical"),
        rating=_rating(verdict["rating"], f"{path}.rating"),
        reason=as_text(verdict["reason"], f"{path}.reason"),
        evidence=tuple(
            as_text(link, f"{path}.evidence[{n}]")
            for n, link in enumerate(as_list(verdict["evidence"], f"{path}.evidence"))
        ),
        site=_site(verdict.get("site"), f"{path}.site"),
        ruling=_ruling(verdict.get("ruling"), f"{path}.ruling"),
    )


def _rating(item: object, path: str) -> Rating:
    word = as_text(item, path)
    return Rating(word) if word in list(Rating) else wrong(path, "not a rating")


def _site(item: object, path: str) -> SiteWord | None:
    if item is None:
        return None
    site = as_object(item, path, ("rating", "reason"))
    rating = _rating(site["rating"], f"{path}.rating")
    return SiteWord(rating=rating, reason=as_text(site["reason"], f"{path}.reason"))


def _ruling(item: object, path: str) -> Ruling | None:
    if item is None:
        return None
    ruling = as_object(item, path, ("by", "reason"))
    return Ruling(
        by=as_text(ruling["by"], f"{path}.by"), reason=as_text(ruling["reason"], f"{path}.reason")
    )


def _step(item: object, path: str) -> DerivedStep:
    step = as_object(item, path, ("code", "text", "facts"))
    facts = as_object(step["facts"], f"{path}.facts", None)
    return DerivedStep(
        code=as_text(step["code"], f"{path}.code"),
        text=as_text(step["text"], f"{path}.text"),
        facts={name: as_text(fact, f"{path}.facts.{name}") for name, fact in facts.items()},
    )

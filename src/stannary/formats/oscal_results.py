"""A published result as OSCAL 1.2.1 assessment results in JSON.

Each judged requirement is an observation (what was seen, with its evidence) and a finding (what
that means for the requirement); what stakeholders said is an observation too, a corrective action a
risk with its remediation. Requirements bear the ids of `oscal_catalog`. What OSCAL has no word for
(six ratings, points, levels, the site's own word) stands in properties of our namespace. The same
result gives the same bytes, and every UUID follows from what it names.
"""

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stannary.core.publications import PublishedResult
from stannary.core.publications.about import About, Kind, PublishedAction, PublishedInput
from stannary.core.publications.results import PublishedVerdict
from stannary.core.standards import SCORED, Edition, Rating
from stannary.formats.canonical import sha256_hex
from stannary.formats.oscal_catalog import NAMESPACE, OSCAL_VERSION, catalog_of
from stannary.formats.results import result_bytes

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
NO_PLAN = (
    "No assessment plan was published in OSCAL: how the audit was planned is not part of a "
    "published result."
)
NO_REASON = "No reason was given."
_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_STATES = {
    Rating.FULLY: ("satisfied", "pass", "implemented"),
    Rating.SUBSTANTIALLY: ("not-satisfied", "fail", "partial"),
    Rating.PARTIALLY: ("not-satisfied", "fail", "partial"),
    Rating.NOT_MET: ("not-satisfied", "fail", ""),
    Rating.NOT_RELEVANT: ("satisfied", "other", "not-applicable"),
}
_NOTHING = About(Kind.AUDIT)
_TEAM = {"lead_auditor": "Lead auditor", "auditor": "Auditor", "reviewer": "Reviewer"}
_RISKS = {"open": "open", "planned": "remediating", "handed_in": "investigating"}
"""States of a corrective action that is not closed, as OSCAL calls them."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[!#$%&'()*+,./:;=?@_~A-Za-z0-9-]+")

Json = dict[str, Any]


def results_json(result: PublishedResult, edition: Edition, *, address: str = "") -> str:
    """Write a result as OSCAL assessment results, indented, ending with a line feed.

    Args:
        result: As it was published.
        edition: The edition that it names, in its own language.
        address: Where the result is published as JSON; "" where it is not known.
    """
    shape = results_of(result, edition, address=address)
    return json.dumps(shape, ensure_ascii=False, indent=2) + "\n"


def results_of(result: PublishedResult, edition: Edition, *, address: str = "") -> Json:
    """Give a result as OSCAL assessment results; see `results_json`."""
    names = _Names(result.id)
    content: Json = {
        "metadata": _metadata(result, names),
        "import-ap": {"href": f"#{names.of('plan')}", "remarks": NO_PLAN},
        "results": [_result(result, edition, names)],
        "back-matter": {"resources": list(_resources(result, edition, names, address))},
    }
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return {"assessment-results": {"uuid": str(uuid.uuid5(_ROOT, digest)), **content}}


class _Names:
    """UUIDs of the things in a result, each from what it is called."""

    def __init__(self, result_id: str) -> None:
        self._space = uuid.uuid5(_ROOT, result_id)

    def of(self, *parts: str) -> str:
        """Give the UUID of something; the same words, the same UUID."""
        return str(uuid.uuid5(self._space, "/".join(parts)))


def _instant(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00+00:00"


def _line(text: str) -> str:
    """Give a text as one line that is not empty, as OSCAL's titles must be."""
    return " ".join(text.split()) or "–"


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": _line(value)}


def _metadata(result: PublishedResult, names: _Names) -> Json:
    about = result.about or _NOTHING
    firm, site = names.of("firm"), names.of("site")
    team = [(one.role, one.name) for one in about.team] or [("lead_auditor", result.lead_auditor)]
    roles = list(dict.fromkeys(role for role, _name in team))
    shape: Json = {
        "title": f"Result of {_line(result.site_name)}",
        "published": _instant(result.published_on),
        "last-modified": _instant(result.published_on),
        "version": "1",
        "oscal-version": OSCAL_VERSION,
        "document-ids": [{"identifier": result.id}],
        "props": [
            _prop("standard", result.standard),
            _prop("illustrative", "true" if result.illustrative else "false"),
            _prop("kind", str(about.kind)),
            *([_prop("engagement", about.engagement)] if about.engagement else []),
        ],
        "links": [{"href": CC0, "rel": "license"}],
        "roles": [
            {"id": "assessor", "title": "Audit firm"},
            {"id": "assessed-site", "title": "Assessed site"},
            *({"id": _token(role), "title": _TEAM.get(role, _line(role))} for role in roles),
        ],
        "parties": [
            {"uuid": firm, "type": "organization", "name": _line(result.firm)},
            {
                "uuid": site,
                "type": "organization",
                "name": _line(result.site_name),
                "props": [_prop("site", result.site_id)],
            },
            *(_person(name, firm, names) for name in dict.fromkeys(name for _role, name in team)),
        ],
        "responsible-parties": [
            {"role-id": "assessor", "party-uuids": [firm]},
            {"role-id": "assessed-site", "party-uuids": [site]},
            *(
                {
                    "role-id": _token(role),
                    "party-uuids": [
                        names.of("person", name) for each, name in team if each == role
                    ],
                }
                for role in roles
            ),
        ],
    }
    if about.earlier is not None:
        link = {"href": f"#{names.of('earlier')}", "rel": "predecessor-version"}
        shape["links"].append(link)
    if about.notice is not None:
        changed = ", ".join(about.notice.changed)
        shape["remarks"] = f"{about.notice.reason}\n\nChanged: {changed}."
    return shape


def _token(role: str) -> str:
    """Give a word as OSCAL's ids are: it begins with a letter, and holds no blank."""
    return re.sub(r"[^a-z0-9]+", "-", role.lower()).strip("-0123456789") or "other"


def _person(name: str, firm: str, names: _Names) -> Json:
    return {
        "uuid": names.of("person", name),
        "type": "person",
        "name": _line(name),
        "member-of-organizations": [firm],
    }


def _result(result: PublishedResult, edition: Edition, names: _Names) -> Json:
    about = result.about or _NOTHING
    judged = [one for one in result.verdicts if one.rating is not Rating.PENDING]
    pending = [one.requirement for one in result.verdicts if one.rating is Rating.PENDING]
    selection: Json = {"include-controls": [{"control-id": f"r-{x.requirement}"} for x in judged]}
    left_out = [_left_out(x.chapter, x.reason) for x in about.not_relevant_chapters]
    if left_out:
        selection["props"] = left_out
    shape: Json = {
        "uuid": names.of("result"),
        "title": f"Assessment of {_line(result.site_name)} against {_line(edition.title)}",
        "description": _description(result),
        "start": _instant(min([one.began_on for one in about.dates] or [result.as_of])),
        "end": _instant(max([one.ended_on for one in about.dates] or [result.as_of])),
        "props": [*_level_props(result), *_scope_props(about)],
        "reviewed-controls": {
            "description": "The requirements that were judged, by their ids in the catalog.",
            "links": [{"href": f"#{names.of('catalog')}", "rel": "reference"}],
            "control-selections": [selection],
        },
        "attestations": [
            {
                "responsible-parties": [{"role-id": "assessor", "party-uuids": [names.of("firm")]}],
                "parts": [_derivation(result, names)],
            }
        ],
        "observations": [
            *(_observation(one, result, names) for one in judged),
            *(_input(one, result, names) for one in about.stakeholder_input),
        ],
    }
    risks = [_risk(one, names) for one in about.corrective_actions]
    if risks:
        shape["risks"] = risks
    shape["findings"] = [_finding(one, edition, about, names) for one in judged]
    if pending:
        shape["remarks"] = f"Not rated, so without a finding: {', '.join(pending)}."
    return shape


def _left_out(chapter: str, reason: str) -> Json:
    return _prop("not-relevant-chapter", f"c-{chapter}") | {"remarks": reason}


def _scope_props(about: About) -> Iterator[Json]:
    for unit in about.scope.units:
        yield _prop("scope-unit", unit.name) | {"class": _token(unit.kind)}
    for material in about.scope.materials:
        yield _prop("scope-material", material)
    for step in about.dates:
        days = f"{step.began_on.isoformat()}/{step.ended_on.isoformat()}"
        yield _prop("step", days) | {"class": _token(step.step)}


def _description(result: PublishedResult) -> str:
    if result.level:
        return f"Achievement level {result.level}."
    if result.level_state == "pending":
        floor = f" {result.floor} is certain." if result.floor else ""
        return f"The achievement level is pending.{floor}"
    return "No achievement level."


def _level_props(result: PublishedResult) -> Iterator[Json]:
    yield _prop("level-state", result.level_state)
    if result.level:
        yield _prop("level", result.level)
    if result.floor:
        yield _prop("level-floor", result.floor)
    for tally in _tallies(result.score):
        share = tally.get("share")
        value = "nothing relevant" if share is None else str(share)
        yield _prop("principle-share", value) | {"class": f"p-{tally.get('id')}"}


def _tallies(score: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = score.get("principles")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _derivation(result: PublishedResult, names: _Names) -> Json:
    return {
        "uuid": names.of("derivation"),
        "name": "derivation",
        "ns": NAMESPACE,
        "title": "How the level came about",
        "parts": [
            {
                "uuid": names.of("derivation", str(number)),
                "name": "step",
                "ns": NAMESPACE,
                "props": [_prop("rule", step.code)],
                "prose": step.text,
            }
            for number, step in enumerate(result.derivation, start=1)
        ],
    }


def _observation(verdict: PublishedVerdict, result: PublishedResult, names: _Names) -> Json:
    shape: Json = {
        "uuid": names.of("observation", verdict.requirement),
        "title": f"{verdict.requirement} {_line(verdict.title)}",
        "description": verdict.reason or NO_REASON,
        "props": [_prop("rating", str(verdict.rating)), *_site(verdict)],
        "methods": ["EXAMINE" if verdict.evidence else "UNKNOWN"],
        "types": ["control-objective"],
        "origins": [
            {"actors": [{"type": "party", "actor-uuid": names.of("firm"), "role-id": "assessor"}]}
        ],
        "subjects": [{"subject-uuid": names.of("site"), "type": "party"}],
        "collected": _instant(result.as_of),
    }
    if verdict.evidence:
        shape["relevant-evidence"] = [_evidence(one) for one in verdict.evidence]
    return shape


def _site(verdict: PublishedVerdict) -> Iterator[Json]:
    if verdict.site is not None:
        prop = _prop("site-rating", str(verdict.site.rating))
        yield prop | ({"remarks": verdict.site.reason} if verdict.site.reason else {})


def _input(said: PublishedInput, result: PublishedResult, names: _Names) -> Json:
    """Give what stakeholders said as an observation; who they are is not known here."""
    shape: Json = {
        "uuid": names.of("stakeholder input", said.id),
        "title": f"Stakeholder input {_line(said.id)}",
        "description": said.topic,
        "props": [_prop("group", said.group), _prop("channel", said.channel)],
        "methods": ["INTERVIEW" if said.channel == "interview" else "UNKNOWN"],
        "types": ["stakeholder-input"],
        "collected": _instant(result.as_of),
    }
    if said.people is not None:
        shape["props"].append(_prop("people", str(said.people)))
    if said.disposition:
        shape["remarks"] = said.disposition
    return shape


def _risk(action: PublishedAction, names: _Names) -> Json:
    """Give a corrective action as a risk: its cause, what is done about it, and by when."""
    closed = action.closed_on is not None
    shape: Json = {
        "uuid": names.of("corrective action", action.id),
        "title": f"{_line(action.id)}, requirement {_line(action.requirement)}",
        "description": action.finding,
        "statement": action.cause or "The cause is not known yet.",
        "props": [
            _prop("grade", action.grade),
            _prop("state", action.state),
            *([_prop("closed-on", action.closed_on.isoformat())] if action.closed_on else []),
            *([_prop("verified-by", action.verified_by)] if action.verified_by else []),
        ],
        "status": "closed" if closed else _RISKS.get(action.state, "open"),
    }
    if action.due is not None:
        shape["deadline"] = _instant(action.due)
    if action.plan:
        shape["remediations"] = [
            {
                "uuid": names.of("corrective action", action.id, "plan"),
                "lifecycle": "completed" if closed else "planned",
                "title": f"What is done about {_line(action.id)}",
                "description": action.plan,
            }
        ]
    return shape


def _evidence(text: str) -> Json:
    """Give a piece of evidence; what is no address of the web has none to follow."""
    if _ADDRESS.fullmatch(text):
        return {"href": text, "description": text}
    return {"description": text}


def _finding(verdict: PublishedVerdict, edition: Edition, about: About, names: _Names) -> Json:
    requirement = edition.requirement_by_id.get(verdict.requirement)
    stated = requirement is not None and bool(requirement.demand)
    name = f"r-{verdict.requirement}"
    props = [
        _prop("rating", str(verdict.rating)),
        _prop("critical", "true" if verdict.critical else "false"),
    ]
    if verdict.rating not in SCORED:
        props.append(_prop("counted", "false"))
    if verdict.ruling is not None:
        props.append(_prop("ruled-by", verdict.ruling.by) | {"remarks": verdict.ruling.reason})
    observed = [
        names.of("observation", verdict.requirement),
        *(
            names.of("stakeholder input", said.id)
            for said in about.stakeholder_input
            if verdict.requirement in said.requirements
        ),
    ]
    risks = [
        names.of("corrective action", action.id)
        for action in about.corrective_actions
        if action.requirement == verdict.requirement
    ]
    shape: Json = {
        "uuid": names.of("finding", verdict.requirement),
        "title": f"{verdict.requirement} {_line(verdict.title)}",
        "description": verdict.reason or NO_REASON,
        "props": props,
        "target": _target(verdict, name, f"{name}_smt" if stated else name),
        "related-observations": [{"observation-uuid": each} for each in observed],
    }
    if risks:
        shape["related-risks"] = [{"risk-uuid": each} for each in risks]
    return shape


def _target(verdict: PublishedVerdict, control: str, statement: str) -> Json:
    """Say of the requirement's statement whether it is met; an outline has only the control."""
    state, reason, implemented = _STATES[verdict.rating]
    target: Json = {
        "type": "statement-id",
        "target-id": statement,
        "props": [_prop("control", control)],
        "status": {"state": state, "reason": reason},
    }
    if implemented:
        target["implementation-status"] = {"state": implemented}
    return target


def _resources(
    result: PublishedResult, edition: Edition, names: _Names, address: str
) -> Iterator[Json]:
    yield {
        "uuid": names.of("plan"),
        "title": "Assessment plan",
        "description": NO_PLAN,
    }
    yield {
        "uuid": names.of("catalog"),
        "title": f"{_line(edition.title)} as an OSCAL catalog",
        "props": [
            _prop("catalog-uuid", catalog_of(edition)["catalog"]["uuid"]),
            _prop("pack-sha256", result.pack_sha256),
        ],
        "document-ids": [{"identifier": edition.id}],
    }
    earlier = result.about.earlier if result.about else None
    if earlier is not None:
        yield {
            "uuid": names.of("earlier"),
            "title": "The result before this one",
            "props": [_prop("sha256", earlier.sha256)],
            "document-ids": [{"identifier": earlier.id}],
        }
    published: Json = {
        "uuid": names.of("published result"),
        "title": "The published result, as it was hashed, signed and logged",
        "props": [_prop("sha256", sha256_hex(result_bytes(result)))],
        "document-ids": [{"identifier": result.id}],
    }
    if address:
        digest = {"algorithm": "SHA-256", "value": sha256_hex(result_bytes(result))}
        published["rlinks"] = [
            {"href": address, "media-type": "application/json", "hashes": [digest]}
        ]
    yield published

"""Every word of the report, by the name under which a template asks for it.

Texts are English and translated when a report is made. A folder with an organisation's own template
may say any of them otherwise (`strings.<language>.json`).
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

WORDS: Mapping[str, str] = {
    "title": gettext_noop("Result of %(site)s"),
    "lede": gettext_noop("Assessed against the %(standard)s by %(firm)s. Published on %(day)s."),
    "report": gettext_noop("Assessment report"),
    "contents": gettext_noop("Contents"),
    "illustrative": gettext_noop("illustrative"),
    "illustrative_title": gettext_noop("Illustrative"),
    "made_up": gettext_noop(
        "This mine, this firm and this result are made up, to show how a result looks."
    ),
    "page_of": gettext_noop("%(page)s of %(pages)s"),
    "fact": gettext_noop("What"),
    "value": gettext_noop("Value"),
    "mine": gettext_noop("Mine"),
    "standard": gettext_noop("Standard"),
    "firm": gettext_noop("Audit firm"),
    "lead_auditor": gettext_noop("Lead auditor"),
    "published": gettext_noop("Published"),
    "kind": gettext_noop("Kind of result"),
    "engagement": gettext_noop("Engagement"),
    "next_audit": gettext_noop("Next full audit due"),
    "computed": gettext_noop("computed"),
    "unknown": gettext_noop("unknown"),
    "level": gettext_noop("Achievement level"),
    "level_determined": gettext_noop(
        "The level follows from the ratings of all requirements: the lowest principle decides, not the mean."
    ),
    "level_pending": gettext_noop(
        "Some requirements are not rated yet, so the level is pending. Whatever comes of them, it is within this range."
    ),
    "level_none": gettext_noop(
        "The result has no level; how that came about is said below, step by step."
    ),
    "never_certified": gettext_noop(
        "A mine is assessed and has an achievement level. It is not certified."
    ),
    "principles": gettext_noop("Principles"),
    "principle": gettext_noop("Principle"),
    "share": gettext_noop("Share"),
    "needed": gettext_noop("Threshold"),
    "points": gettext_noop("Points"),
    "bars": gettext_noop(
        "Each bar is the share of points reached; the line across it is the threshold of the level."
    ),
    "ratings": gettext_noop("Ratings"),
    "requirements_count": gettext_noop("Requirements"),
    "why": gettext_noop("How the level came about"),
    "chapters": gettext_noop("Chapters"),
    "chapter": gettext_noop("Chapter"),
    "rated": gettext_noop("Rated"),
    "not_relevant": gettext_noop("Not relevant"),
    "assessed": gettext_noop("What was assessed, by whom and when"),
    "scope": gettext_noop("Scope"),
    "units": gettext_noop("Units"),
    "kind_of_unit": gettext_noop("Kind"),
    "materials": gettext_noop("Materials"),
    "left_out": gettext_noop("Chapters that are not relevant here"),
    "why_left_out": gettext_noop("Why"),
    "team": gettext_noop("Team"),
    "role": gettext_noop("Role"),
    "name": gettext_noop("Name"),
    "dates": gettext_noop("Dates"),
    "step": gettext_noop("Step"),
    "from": gettext_noop("From"),
    "to": gettext_noop("To"),
    "not_said": gettext_noop(
        "This result was published in a form that does not say it: it names the firm and the lead auditor only."
    ),
    "none_said": gettext_noop("Nothing is recorded."),
    "requirements": gettext_noop("Every requirement"),
    "requirement": gettext_noop("Requirement"),
    "reason": gettext_noop("Reason and evidence"),
    "rating": gettext_noop("Rating"),
    "critical": gettext_noop("critical"),
    "site_rated": gettext_noop("The site rated itself: %(rating)s."),
    "ruled": gettext_noop("Ruled by %(role)s:"),
    "as_written": gettext_noop("Reasons stand in the language in which they were written."),
    "input": gettext_noop("Stakeholder input"),
    "input_text": gettext_noop("What people said, without saying who, and what became of it."),
    "group": gettext_noop("Group"),
    "channel": gettext_noop("Channel"),
    "people": gettext_noop("People"),
    "topic": gettext_noop("Topic"),
    "disposition": gettext_noop("What became of it"),
    "about_requirements": gettext_noop("About %(requirements)s"),
    "actions": gettext_noop("Corrective actions"),
    "finding": gettext_noop("Finding"),
    "cause": gettext_noop("Cause: %(cause)s"),
    "plan": gettext_noop("Plan: %(plan)s"),
    "grade": gettext_noop("Grade"),
    "due": gettext_noop("Due"),
    "state": gettext_noop("State"),
    "closed_on": gettext_noop("closed on %(day)s by %(role)s"),
    "comparison": gettext_noop("Compared with the earlier result"),
    "comparison_text": gettext_noop("The result before this one, published on %(day)s:"),
    "comparison_absent": gettext_noop(
        "The result before this one is named here; it was not at hand to be compared."
    ),
    "before": gettext_noop("Before"),
    "now": gettext_noop("Now"),
    "changed": gettext_noop("Ratings that changed"),
    "unchanged": gettext_noop("No rating changed."),
    "notice": gettext_noop("This result corrects an earlier one"),
    "corrected": gettext_noop("What was corrected: %(changed)s"),
    "check": gettext_noop("Check it yourself"),
    "check_text": gettext_noop(
        "You need not trust this site, nor the audit firm's word about the sum: the result is "
        "signed, stands in a public log, and its level can be computed again from the ratings."
    ),
    "check_command": gettext_noop(
        "Download the result file from its address, then let the program check it on your own machine:"
    ),
    "address": gettext_noop("Address"),
    "sha256": gettext_noop("Content hash (SHA-256)"),
    "log_entry": gettext_noop("Entry in the public log"),
    "pack_sha256": gettext_noop("Standard as it was then (SHA-256)"),
    "result_id": gettext_noop("Id of the result"),
    "unprintable": gettext_noop(
        "Some characters are in no font of this report. A single one stands as its number, "
        "[U+1F44D] say; more of them stand as a note in brackets. The page and the files have "
        "them all."
    ),
    "left_unprinted": gettext_noop("[%(count)s characters, %(script)s, see the page]"),
    "fallback": gettext_noop(
        "What is marked [%(language)s] has no translation and stands in the language of the standard."
    ),
    "strings_missing": gettext_noop(
        "Part of this report has no translation yet and stands in English."
    ),
    "kind.audit": gettext_noop("full audit"),
    "kind.surveillance": gettext_noop("surveillance audit"),
    "kind.settlement": gettext_noop("settlement of what was pending"),
    "kind.correction": gettext_noop("correction"),
    "rating.fully": gettext_noop("fully"),
    "rating.substantially": gettext_noop("substantially"),
    "rating.partially": gettext_noop("partially"),
    "rating.not_met": gettext_noop("not met"),
    "rating.not_relevant": gettext_noop("not relevant"),
    "rating.pending": gettext_noop("not rated"),
    "level.none": gettext_noop("no level"),
    "level.at_most": gettext_noop("at most %(ceiling)s"),
    "level.between": gettext_noop("%(floor)s to %(ceiling)s"),
    "role.lead_auditor": gettext_noop("lead auditor"),
    "role.auditor": gettext_noop("auditor"),
    "role.reviewer": gettext_noop("reviewer"),
    "role.secretariat": gettext_noop("secretariat"),
    "role.observer": gettext_noop("observer"),
    "role.site_user": gettext_noop("site"),
    "unit.pit": gettext_noop("open pit"),
    "unit.underground": gettext_noop("underground mine"),
    "unit.plant": gettext_noop("plant"),
    "unit.tailings": gettext_noop("tailings facility"),
    "unit.waste_rock": gettext_noop("waste rock"),
    "unit.camp": gettext_noop("camp"),
    "unit.road": gettext_noop("road"),
    "unit.port": gettext_noop("port"),
    "unit.other": gettext_noop("other"),
    "step.application": gettext_noop("Application and its review"),
    "step.agreement": gettext_noop("Participation agreement"),
    "step.firm": gettext_noop("Audit firm named"),
    "step.team": gettext_noop("Audit team proposed and accepted"),
    "step.announcement": gettext_noop("Public announcement"),
    "step.stage_1": gettext_noop("Stage 1, documents"),
    "step.visit_announced": gettext_noop("Site visit announced"),
    "step.stage_2": gettext_noop("Stage 2, on site"),
    "step.draft": gettext_noop("Draft report"),
    "step.review": gettext_noop("Review of the draft"),
    "step.corrective_period": gettext_noop("Corrective period"),
    "step.publication": gettext_noop("First publication"),
    "step.settlement": gettext_noop("What was pending published"),
    "step.surveillance": gettext_noop("Surveillance"),
    "group.workers": gettext_noop("workers"),
    "group.contractors": gettext_noop("contractors and their workers"),
    "group.trade_unions": gettext_noop("trade unions"),
    "group.communities": gettext_noop("communities"),
    "group.indigenous_peoples": gettext_noop("Indigenous Peoples"),
    "group.authorities": gettext_noop("authorities"),
    "group.ngos": gettext_noop("non-governmental organisations"),
    "group.others": gettext_noop("others"),
    "channel.interview": gettext_noop("interview"),
    "channel.group_interview": gettext_noop("group interview"),
    "channel.meeting": gettext_noop("meeting"),
    "channel.letter": gettext_noop("letter or mail"),
    "channel.call": gettext_noop("call or message"),
    "channel.online": gettext_noop("form on a page"),
    "disposition.verdict": gettext_noop("weighed in a verdict"),
    "disposition.finding": gettext_noop("became a finding"),
    "disposition.looked_into": gettext_noop("looked into, nothing else showed it"),
    "disposition.passed_on": gettext_noop("passed on as a complaint"),
    "disposition.outside": gettext_noop("outside of this audit"),
    "key.site": gettext_noop("name of the site"),
    "key.firm": gettext_noop("audit firm"),
    "key.lead_auditor": gettext_noop("lead auditor"),
    "key.team": gettext_noop("team"),
    "key.scope": gettext_noop("scope"),
    "key.dates": gettext_noop("dates"),
    "key.engagement": gettext_noop("engagement"),
    "key.not_relevant_chapters": gettext_noop("chapters that are not relevant"),
    "key.stakeholder_input": gettext_noop("stakeholder input"),
    "key.corrective_actions": gettext_noop("corrective actions"),
    "key.score": gettext_noop("score"),
    "key.derivation": gettext_noop("how the level came about"),
    "grade.major": gettext_noop("major"),
    "grade.minor": gettext_noop("minor"),
    "grade.observation": gettext_noop("observation"),
    "state.open": gettext_noop("nothing planned yet"),
    "state.planned": gettext_noop("planned"),
    "state.handed_in": gettext_noop("handed in"),
    "state.proposed": gettext_noop("closure proposed"),
    "state.closed": gettext_noop("closed and checked"),
    "state.effective": gettext_noop("closed, and it lasted"),
}


def said(own: Mapping[str, str]) -> dict[str, str]:
    """Give every word in the language of now, with an organisation's own in their places."""
    return {name: own.get(name) or gettext(text) for name, text in WORDS.items()}


def coded(words: Mapping[str, str], kind: str, code: str) -> str:
    """Say a code of the form in words; one that is not known here is shown as it is."""
    return words.get(f"{kind}.{code}") or code.replace("_", " ")

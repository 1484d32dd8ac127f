"""Every rule of the program and every public download, for the pages that list them."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

import stannary
from stannary.core.kernel import Rule

LEVEL_EXAMPLES = ("OPEN-TRANSPARENCY", "OPEN-50", "OPEN-75", "OPEN-100", "")


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A rule and the module that declares it."""

    rule: Rule
    context: str
    module: str


@cache
def rule_by_code() -> dict[str, FoundRule]:
    """Give every rule that a module of the program declares, by code, sorted."""
    found: dict[str, FoundRule] = {}
    for info in pkgutil.walk_packages(stannary.__path__, "stannary."):
        parts = info.name.split(".")
        if "migrations" in parts or "management" in parts or not _declares_rules(parts):
            continue
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, Rule) and value.code not in found:
                context = parts[2] if len(parts) > 2 else parts[1]
                found[value.code] = FoundRule(value, context, info.name)
    return dict(sorted(found.items()))


def _declares_rules(parts: list[str]) -> bool:
    """Tell whether a module is one where rules stand: rules.py, or a format that refuses."""
    return parts[-1] in ("rules", "paging") or parts[1] in ("formats", "signing")


def rules_by_context() -> dict[str, list[FoundRule]]:
    """Give the rules grouped by the beginning of their code."""
    groups: dict[str, list[FoundRule]] = {}
    for code, found in rule_by_code().items():
        groups.setdefault(code.partition("-")[0], []).append(found)
    return groups


@dataclass(frozen=True, slots=True)
class Download:
    """One public file: where, what, under which licence, from which source."""

    path: str
    title: object
    formats: tuple[str, ...]
    licence: object
    source: object


def _of_material() -> tuple[Download, ...]:
    own = _("Illustrative demonstration data of this site.")
    return (
        Download(
            "/data/certificates",
            _("Chain of custody certificates of entities"),
            ("csv", "json"),
            "CC0-1.0",
            own,
        ),
        Download("/data/lots", _("Lots in the register"), ("csv", "json"), "CC0-1.0", own),
        Download(
            "/data/credits",
            _("Credits of book and claim"),
            ("csv", "json"),
            "CC0-1.0",
            own,
        ),
        Download(
            "/data/credit-uses",
            _("Credits used up, and for whom"),
            ("csv", "json"),
            "CC0-1.0",
            own,
        ),
        Download(
            "/data/credits-by-mine",
            _("What became of credits, by mine"),
            ("csv", "json"),
            "CC0-1.0",
            own,
        ),
        Download("/data/movements", _("Movements in the register"), ("csv",), "CC0-1.0", own),
        Download(
            "/data/suspensions",
            _("Suspensions and withdrawals"),
            ("csv", "json"),
            "CC0-1.0",
            own,
        ),
        Download("/data/claims", _("Claims in force"), ("csv", "json"), "CC0-1.0", own),
    )


def downloads() -> tuple[Download, ...]:
    """List every public download."""
    facts = _("Published facts; each row names its source.")
    own = _("Illustrative demonstration data of this site.")
    return (
        Download(
            "/data/sites",
            _("Mines with published facts"),
            ("csv", "json", "geojson"),
            "CC0-1.0",
            facts,
        ),
        Download(
            "/data/facts",
            _("Every fact about every mine, with its source"),
            ("csv", "json"),
            "CC0-1.0",
            facts,
        ),
        Download(
            "/data/crosswalks",
            _("Every judgement of the crosswalks between standards"),
            ("csv", "json"),
            _("as each crosswalk says"),
            _("Each judgement names its reviewer and reason."),
        ),
        Download(
            "/data/facilities",
            _("Facilities between the mine and the product"),
            ("csv", "json", "geojson"),
            "CC0-1.0",
            _("Each row that is not made up names its source."),
        ),
        Download("/data/firms", _("Approvals of audit firms"), ("csv", "json"), "CC0-1.0", own),
        Download("/data/results", _("Results published here"), ("csv", "json"), "CC0-1.0", own),
        *_of_material(),
        Download(
            "/data/requirements",
            _("Requirements of the standards shipped here"),
            ("csv", "json"),
            _("as each standard says"),
            _("The packs of each standard."),
        ),
    )

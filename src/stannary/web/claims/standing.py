"""Whether what is recorded now still supports a claim that was made; told by core, claim by claim.

A claim rests on what its lot was given, less what became credits: it does not fall because the lot
is used, and it falls when the books no longer give it.

Rules: CLAIM-001 to CLAIM-016.
"""

from dataclasses import dataclass
from fractions import Fraction

from stannary.core.claims import check_claim, counting_of, supported_share
from stannary.core.custody import events_of
from stannary.core.kernel import Finding, RefusalError
from stannary.core.provenance import trace
from stannary.web.claims import of_sites, queries, records
from stannary.web.claims.models import Claim
from stannary.web.custody import queries as custody
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands by what is recorded now.

    Attributes:
        supported: Share of the content of its lot, or of what was blended, that counts for its level, 0 to 1.
        findings: Why it would be refused today; none means that it is still supported.
    """

    supported: Fraction
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> str:
        """The rules that stand against it, each once, by blanks."""
        return " ".join(dict.fromkeys(one.code for one in self.findings))


def standing(row: Claim) -> Standing:
    """Tell how a claim stands now, with a fixed number of queries; nothing is stored."""
    try:
        found = _checked(row)
    except RefusalError as refusal:
        found = Standing(Fraction(0), refusal.findings)
    if found.findings and not custody.given_is_known():
        return Standing(Fraction(row.share), ())
    return found


def _checked(row: Claim) -> Standing:
    if row.facility:
        return Standing(*of_sites.checked(row))
    basis = queries.basis(row.lot)
    edition = standards.edition(row.standard)
    traced = trace(events_of(basis.rows), row.lot)
    given = custody.given_to(row.lot)
    claim = records.claim_of(row)
    pack = custody.pack_named(row.custody_pack)
    supported = supported_share(
        traced,
        basis.achievements,
        edition,
        claim.level,
        carried=given,
        counting=counting_of(pack, claim.made_on),
    )
    findings = check_claim(
        claim,
        trace=traced,
        achievements=basis.achievements,
        edition=edition,
        custody_pack=pack,
        carried=given,
    )
    return Standing(supported, findings)

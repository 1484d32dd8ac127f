"""What a claim would say, in every language in which it would be signed; reads only.

Rules: CLAIM-001 to CLAIM-012, CLAIM-040, PARTY-001.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.conf.locale import LANG_INFO

from stannary.core.claims import Claim, check_claim, claim_sentences, wording_of
from stannary.core.custody import events_of
from stannary.core.kernel import Finding
from stannary.core.provenance import trace
from stannary.core.standards import ClaimWording
from stannary.web.claims import operations, queries
from stannary.web.claims.sayable import readable
from stannary.web.custody import queries as custody
from stannary.web.parties.models import Person
from stannary.web.standards import queries as standards

_NOBODYS = "urn:uuid:00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in one language.

    Attributes:
        language: "fr".
        name: What its speakers call the language; its code, if that is not known.
        text: The sentence, or words with their gaps.
    """

    language: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a claim would say, and what stands against it.

    Attributes:
        said: In every language of the words; none if the pack does not have the words.
        findings: Why it would be refused; none: nothing that is known now.
    """

    said: tuple[Said, ...]
    findings: tuple[Finding, ...]


def in_each_language(texts: Mapping[str, str]) -> tuple[Said, ...]:
    """Give texts by language with the name of each language, as its speakers write it."""
    return tuple(
        Said(code, str(LANG_INFO.get(code, {}).get("name_local", code)).capitalize(), text)
        for code, text in texts.items()
    )


def words_of(words: ClaimWording, lot: str) -> tuple[Said, ...]:
    """Give words of a pack in each of their languages, their gaps as far as the lot fills them."""
    return in_each_language({code: readable(text, lot) for code, text in words.words.items()})


def preview(
    *,
    actor: Person,
    lot_id: str,
    wording: str,
    standard: str,
    level: str,
    share: Fraction,
    element: str,
    made_on: datetime.date,
    valid_until: datetime.date,
    custody_pack: str = "",
) -> Preview:
    """Tell what a claim would say if it were made so; the arguments are those of `make_claim`.

    Raises:
        RefusalError: PARTY-001 if the actor may not speak for whoever holds the lot, or there is no
            such pack or edition.
    """
    holder = queries.holder_to_speak_for(actor=actor, lot_id=lot_id)
    pack = operations.pack_to_use(custody_pack, wording, holder.name, made_on)
    claim = Claim(
        id=_NOBODYS,
        lot=lot_id,
        wording=wording,
        standard=standard,
        level=level,
        share=share,
        element=element,
        made_by=holder.name,
        made_on=made_on,
        valid_until=valid_until,
    )
    basis = queries.basis(lot_id)
    findings = check_claim(
        claim,
        trace=trace(events_of(basis.rows), lot_id),
        achievements=basis.achievements,
        edition=standards.edition(standard),
        custody_pack=pack,
        carried=basis.carried,
        lowered_to=basis.model,
    )
    known = wording_of(claim, pack) is not None
    said = in_each_language(claim_sentences(claim, pack)) if known else ()
    element_findings = operations.untracked(custody.element_of(lot_id), element)
    return Preview(said, (*findings, *element_findings))

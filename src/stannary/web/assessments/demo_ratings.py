"""What the made-up auditors say of three made-up mines, requirement by requirement.

What is not named is fully met. Reasons are generic: nothing here is taken from a real audit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stannary.core.standards import Edition, Rating, Requirement


@dataclass(frozen=True, slots=True)
class Said:
    """The ratings of one site, as requirements or whole chapters for each rating but the best."""

    substantially: str
    partially: str
    not_met: str
    not_relevant: str
    pending: str = ""


NORTH = Said(
    substantially=(
        "1.1.1.2 1.1.2.2 1.2.2.2 1.3.2.2 1.3.3.1 1.4.1.1 1.4.2.1 1.5.1.2 1.5.2.1 "
        "2.1.1.1 2.1.2.1 2.2.1.2 2.2.2.1 2.3.2.1 2.3.2.3 2.5.1.2 2.5.2.1 2.6.1.1 2.6.1.2 2.6.2.1 "
        "3.1.1.3 3.1.2.1 3.2.1.1 3.2.2.1 3.3.1.1 3.3.2.1 3.5.1.2 3.5.2.3 3.7.1.1 "
        "4.1.1.1 4.1.2.1 4.1.2.2 4.2.1.1 4.2.2.3 4.3.1.2 4.4.1.1 4.5.2.1 4.6.1.2 4.6.2.2"
    ),
    partially="1.2.2.1 1.4.1.2 1.4.2.2 2.1.2.2 2.3.1.1 3.1.2.2 3.2.2.2 4.2.1.2 4.5.1.2 4.6.2.1",
    not_met="1.5.1.3 2.5.2.2 4.5.2.2",
    not_relevant=(
        "2.1.1.3 2.2.2.2 2.4 2.6.1.3 3.4.1.2 3.4.2.1 3.4.2.2 3.5.2.2 3.6 3.7.2.1 4.4.2.1 4.7 4.8"
    ),
)

SOUTH = Said(
    substantially=(
        "1.1.1.1 1.1.1.3 1.1.2.2 1.2.2.2 1.2.2.3 1.3.2.1 1.3.3.2 1.4.1.1 1.4.2.1 1.5.1.1 "
        "2.1.1.1 2.1.1.2 2.1.2.1 2.3.2.2 2.4.1.1 2.4.1.2 2.4.2.1 2.5.1.1 2.6.1.2 2.6.2.2 "
        "3.1.1.1 3.1.1.3 3.1.2.1 3.1.2.3 3.2.1.1 3.2.1.3 3.3.1.2 3.3.2.2 3.4.1.1 3.5.2.1 "
        "4.1.1.2 4.1.2.1 4.2.1.1 4.2.2.1 4.2.2.3 4.3.1.1 4.3.1.2 4.4.1.2 4.5.1.1 4.6.1.2"
    ),
    partially=(
        "1.1.1.2 1.2.1.1 1.2.2.1 1.3.2.2 1.3.3.1 1.4.1.2 1.4.2.2 1.5.1.2 1.5.2.1 "
        "2.1.1.3 2.1.2.2 2.3.1.1 2.3.2.1 2.4.2.2 2.4.2.3 2.5.1.2 2.5.2.1 2.6.1.1 2.6.2.1 "
        "3.1.2.2 3.2.1.2 3.2.2.1 3.3.1.1 3.5.1.2 3.7.1.2 "
        "4.1.1.1 4.1.2.2 4.2.2.2 4.3.2.1 4.4.1.1 4.5.1.2 4.5.2.1 4.6.2.1 4.6.2.2"
    ),
    not_met="1.4.2.3 1.5.1.3 2.3.2.3 2.5.2.2 3.2.2.2 3.5.2.3 4.2.1.2 4.5.2.2 4.6.2.3",
    not_relevant="2.2 2.6.1.3 3.4.1.2 3.4.2.1 3.4.2.2 3.5.2.2 3.6 3.7.2.1 4.4.2.1 4.7 4.8",
)

BEFORE_RULING = {
    "1.1.1.1": (
        "partially",
        "A register of breaches and of how they were corrected was asked for and not shown.",
    )
}
"""What the auditors of the first mine said before a ruling, where it changed their verdict."""

RIDGE = Said(
    substantially=(
        "1.1.1.1 1.1.2.2 1.2.1.1 1.2.2.3 1.3.2.1 1.3.3.1 1.4.2.1 1.5.1.1 1.5.2.1 "
        "2.1.1.2 2.1.2.1 2.3.2.2 2.5.1.1 2.5.1.2 2.6.1.2 2.6.2.2 "
        "3.1.1.2 3.1.2.1 3.2.1.1 3.2.1.3 3.3.1.2 3.4.1.1 3.5.2.1 3.7.1.2 "
        "4.1.1.2 4.1.2.1 4.2.1.1 4.2.2.1 4.3.1.1 4.4.1.2 4.5.1.1 4.6.2.2"
    ),
    partially="1.2.2.1 1.4.1.2 2.1.2.2 2.3.1.1 2.5.2.1 2.6.1.1 3.1.2.2 3.2.2.1 4.2.1.2 4.5.2.1 4.6.2.1",
    not_met="1.5.1.3 4.5.2.2",
    not_relevant=(
        "2.1.1.3 2.2 2.4 2.6.1.3 3.4.1.2 3.4.2.1 3.4.2.2 3.5.2.2 3.6 3.7.2.1 4.4.2.1 4.7 4.8"
    ),
    pending="1.4.2.3 2.6.2.1 4.6.2.3",
)

SUBSTANTIALLY = (
    "In place and applied. Of the files sampled, a few were late or incomplete; the site corrected them during the visit.",
    "Applied at the mine and at the plant. Two of the contractors interviewed follow it only in part.",
    "Practice meets the requirement. The written record is missing for some of the months sampled.",
    "The people interviewed confirm it. Not all of them had been told in the language that they use most.",
    "Done since the year before the visit. The outside review that it calls for is planned and has not taken place.",
    "Responsibilities, budget and dates are set and kept. One of the six measures is behind schedule, with reasons given.",
)
PARTIALLY = (
    "Begun, with responsibilities named, but less than half of what is required was in place at the visit.",
    "The plan is sound on paper. On the ground it had been carried out in one of three areas.",
    "Applied to the site's own employees, not yet to those of contractors.",
    "Takes place, but without the people affected: they were informed afterwards, and their comments are not on record.",
    "Measured for one season only; the other seasons are to follow in the coming year.",
)
NOT_MET = (
    "Nothing was shown that meets this, and the site agrees. It has promised a corrective action within twelve months.",
    "The site knows of the requirement and has not begun. No budget or date has been set.",
)
FULLY = "Met in every file sampled and confirmed in interviews; nothing was found to the contrary."
NOT_RELEVANT = {
    "2.1.1.3": "No new mine and no major change has been assessed since the operator took up the standard.",
    "2.2": "The study of the area, which a regional museum and two associations reviewed, found no Indigenous People whose "
    "lands, waters or heritage the site affects.",
    "2.2.2.2": "The site began with consent, so nothing began without it.",
    "2.4": "Nobody lived on the land of the site or used it for a living; land records and interviews in the two nearest "
    "settlements agree.",
    "2.6.1.3": "Closure is planned more than fifteen years from now.",
    "3.4": "The yearly screening found no conflict-affected or high-risk area on the site, its routes or among its suppliers.",
    "3.5.2.2": "No public security forces protect the site, and it supports none.",
    "3.6": "No artisanal or small-scale mining takes place on or near the site, and none of its material is bought.",
    "3.7.2.1": "The heritage survey found nothing of critical importance in the area.",
    "4.4.2.1": "No building of others stands within reach of blasting; the nearest is eleven kilometres away.",
    "4.7": "No cyanide is used, stored or transported.",
    "4.8": "No gold or silver is recovered, and mercury was not found in ore, reagents or waste.",
}


def ratings(edition: Edition, said: Said, *, host: str) -> Iterator[tuple[str, str, str, str]]:
    """Give requirement, rating, reason and evidence of everything that is rated.

    Args:
        edition: Whose requirements they are.
        said: What is not fully met.
        host: Made-up place of the evidence, under a name that never resolves.
    """
    by_id = {
        name: rating
        for rating in (Rating.SUBSTANTIALLY, Rating.PARTIALLY, Rating.NOT_MET, Rating.NOT_RELEVANT)
        for name in getattr(said, str(rating)).split()
    }
    pending = said.pending.split()
    for place, one in enumerate(edition.requirements):
        if one.id in pending:
            continue
        rating = by_id.get(one.id) or by_id.get(one.chapter) or Rating.FULLY
        link = f"https://{host}.example/evidence/{one.id}"
        shown = rating is not Rating.NOT_RELEVANT and (one.critical or place % 3 == 0)
        yield one.id, str(rating), _reason(one, rating, place), link if shown else ""


def _reason(one: Requirement, rating: Rating, place: int) -> str:
    if rating is Rating.NOT_RELEVANT:
        for name in (one.id, one.section, one.chapter):
            if name in NOT_RELEVANT:
                return NOT_RELEVANT[name]
    if rating is Rating.FULLY:
        return FULLY if one.critical else ""
    texts = {
        Rating.SUBSTANTIALLY: SUBSTANTIALLY,
        Rating.PARTIALLY: PARTIALLY,
        Rating.NOT_MET: NOT_MET,
    }[rating]
    return texts[place % len(texts)]

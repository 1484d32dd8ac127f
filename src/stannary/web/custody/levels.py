"""Which level an origin had. Custody asks; whoever knows lots and achievements answers.

Custody imports nothing of assurance: a lot names an attestation by its identifier alone. The
app that joins the two gives its answer here when the site starts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stannary.core.provenance import Origin


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of the attestation of an origin.

    Attributes:
        level: Code of the level that the site held on the day of production; "" for none.
        standard: Id of the edition that has the level; "" for none.
        result: Id of the published result on which it rests; "" if none is recorded.
        differs: Mined lots of this origin were produced at different levels; then `level` is "".
    """

    level: str = ""
    standard: str = ""
    result: str = ""
    differs: bool = False


NOTHING = Held()
Key = tuple[str, str]
Answer = Callable[[Sequence[Origin]], Mapping[Key, Held]]
_answers: list[Answer] = []


def answer_with(answer: Answer) -> None:
    """Let an app above answer from now on."""
    _answers[:] = [answer]


def levels_of(origins: Sequence[Origin]) -> Mapping[Key, Held]:
    """Give what is known of origins, by site and attestation; nothing where nobody knows."""
    return _answers[0](origins) if _answers else {}

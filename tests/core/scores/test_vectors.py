"""Every vector of tests/vectors/scores, through the library."""

import pytest

from core.scores.score_vectors import Vector, disagreements, vectors
from stannary.core.assessments import RatingSheet, Verdict, parse_rating, rating_sheet
from stannary.core.kernel import RefusalError
from stannary.core.scores import derivation, score, score_as_dict, step_text

VECTORS = vectors()
SCORED = [vector for vector in VECTORS if not vector.refused]
REFUSED = [vector for vector in VECTORS if vector.refused]


def sheet(vector: Vector) -> RatingSheet:
    verdicts = []
    for row in vector.rows:
        requirement, word, rationale, evidence = (*row, "", "")[:4]
        links = tuple(evidence.split())
        verdicts.append(Verdict(requirement, parse_rating(word), rationale, links))
    return rating_sheet(vector.edition, verdicts)


def test_there_are_at_least_sixty_vectors_with_names_of_their_own() -> None:
    assert len(SCORED) >= 60
    assert len({vector.name for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", SCORED, ids=lambda vector: vector.name)
def test_a_score_is_what_its_vector_says(vector: Vector) -> None:
    outcome = score(sheet(vector), as_of=vector.as_of)

    assert disagreements(vector, score_as_dict(outcome)) == []


@pytest.mark.parametrize("vector", SCORED, ids=lambda vector: vector.name)
def test_every_score_can_be_told_in_sentences(vector: Vector) -> None:
    outcome = score(sheet(vector), as_of=vector.as_of)

    sentences = [step_text(step) for step in derivation(outcome, vector.edition)]

    assert len(sentences) > len(vector.edition.principles)
    assert all("%(" not in sentence and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("vector", REFUSED, ids=lambda vector: vector.name)
def test_a_table_is_refused_as_its_vector_says(vector: Vector) -> None:
    with pytest.raises(RefusalError) as refusal:
        sheet(vector)

    assert tuple(finding.code for finding in refusal.value.findings) == vector.refused

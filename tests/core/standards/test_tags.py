from dataclasses import replace

import pytest

from core.standards.made_up import EDITION, requirement
from stannary.core.standards import check_edition, is_tag


@pytest.mark.parametrize(
    "tag",
    [
        "sdg:1.1",
        "sdg:17.19",
        "sdg:16.b",
        "ungp:1",
        "ungp:31",
        "gistm:1",
        "gistm:15",
        "untp:air-quality-management",
    ],
)
def test_a_tag_names_a_code_that_its_scheme_can_have(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize(
    "tag",
    [
        "sdg:0.1",
        "sdg:18.1",
        "sdg:8",
        "sdg:8.e",
        "ungp:0",
        "ungp:32",
        "gistm:16",
        "gistm:01",
        "untp:Air",
        "untp:",
        "iso:9001",
        "sdg",
        "",
        "untp:a-b-c-d-e-f-g-h-i",
    ],
)
def test_what_no_scheme_has_is_no_tag(tag: str) -> None:
    assert not is_tag(tag)


@pytest.mark.parametrize("tags", [("ungp:32",), ("ungp:31", "ungp:31")])
def test_an_unknown_or_repeated_tag_is_standard_018(tags: tuple[str, ...]) -> None:
    edition = replace(
        EDITION, requirements=(*EDITION.requirements, requirement("1.2.1.2", tags=tags))
    )

    found = check_edition(edition)

    assert {finding.code for finding in found} == {"STANDARD-018"}
    assert found[0].facts["requirement"] == "1.2.1.2"


def test_a_known_tag_that_stands_once_is_sound() -> None:
    tagged = requirement("1.2.1.2", tags=("ungp:31", "sdg:6.3"))

    assert check_edition(replace(EDITION, requirements=(*EDITION.requirements, tagged))) == ()

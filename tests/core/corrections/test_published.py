import pytest

from stannary.core.corrections import check_no_names, without_names

NAMES = ["Ana Example", "Jo", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Example keeps the register.", "Ana Example"),
        ("ana\n example keeps it; Ana Example said so.", "ana\n example, Ana Example"),
        ("Analytics of examples", ""),
        ("Ana keeps it, for example.", ""),
        ("Jobs", ""),
    ],
)
def test_names_of_people_of_the_site_are_found_in_what_will_be_public(
    text: str, expected: str
) -> None:
    found = check_no_names([text, "nothing"], NAMES)

    assert [one.facts["names"] for one in found] == [expected] * bool(expected)
    assert [one.code for one in found] == ["CORRECTION-011"] * bool(expected)


def test_a_name_that_is_there_all_the_same_is_left_out() -> None:
    text = without_names("Ana Example of Ana Example-Baker answers.", [*NAMES, "Ana Example-Baker"])

    assert text == "[name left out] of [name left out] answers."
    assert without_names("Nobody.", []) == "Nobody."


def test_longer_names_are_looked_for_first() -> None:
    text = without_names("Ana Maria Example", ["Example", "Ana Maria Example"])

    assert text == "[name left out]"

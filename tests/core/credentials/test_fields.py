"""Members of an object, each read in its kind and named by its path where it is not."""

from collections.abc import Callable

import pytest

from stannary.core.credentials import Json
from stannary.core.credentials.fields import TEXT_MAX, Fields
from stannary.core.credentials.rules import SUBJECT_IS_KNOWN
from stannary.core.kernel import Place, RefusalError

CONTENT: dict[str, Json] = {
    "text": "x",
    "empty": "",
    "number": 5,
    "object": {"inner": 5},
    "objects": [{"a": "b"}, {"a": 5}],
    "mixed": [{}, 5],
    "texts": ["a", "b"],
}
FIELDS = Fields(CONTENT, SUBJECT_IS_KNOWN, "", Place("x.json"))


def test_members_are_read_in_their_kind() -> None:
    assert FIELDS.text("text") == "x"
    assert (FIELDS.text_or_none("text"), FIELDS.text_or_none("absent")) == ("x", None)
    assert FIELDS.object("object").content == {"inner": 5}
    assert [one.path for one in FIELDS.objects("objects")] == ["objects[1]", "objects[2]"]
    assert FIELDS.texts("texts") == ("a", "b")


@pytest.mark.parametrize(
    ("read", "where", "problem"),
    [
        (lambda: FIELDS.text("absent"), "absent", "missing"),
        (lambda: FIELDS.text("empty"), "empty", "not a text"),
        (lambda: FIELDS.text("number"), "number", "not a text"),
        (lambda: FIELDS.text_or_none("number"), "number", "not a text"),
        (lambda: FIELDS.object("text"), "text", "not an object"),
        (lambda: FIELDS.object("object").text("inner"), "object.inner", "not a text"),
        (lambda: FIELDS.objects("text"), "text", "not a list"),
        (lambda: FIELDS.objects("mixed"), "mixed[2]", "not an object"),
        (lambda: FIELDS.objects("objects")[1].text("a"), "objects[2].a", "not a text"),
        (lambda: FIELDS.texts("text"), "text", "not a list of texts"),
        (lambda: FIELDS.texts("mixed"), "mixed", "not a list of texts"),
    ],
)
def test_a_member_of_another_kind_is_named_by_its_path(
    read: Callable[[], object], where: str, problem: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        read()
    finding = refusal.value.findings[0]
    assert finding.facts == {"where": where, "problem": problem}
    assert (finding.rule, finding.at) == (SUBJECT_IS_KNOWN, Place("x.json"))


@pytest.mark.parametrize("length", [TEXT_MAX - 1, TEXT_MAX, TEXT_MAX + 1])
def test_a_text_has_at_most_2_000_signs(length: int) -> None:
    fields = Fields({"text": "x" * length}, SUBJECT_IS_KNOWN)

    if length <= TEXT_MAX:
        assert len(fields.text("text")) == length
        return
    with pytest.raises(RefusalError, match="longer than 2000 signs"):
        fields.text("text")

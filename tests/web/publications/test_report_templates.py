"""An organisation lays the report out its own way: file by file, refused with file and line.

Rules: PUBLICATION-040.
"""

import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.publications import report, report_setting, report_templates
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.report_setting import set_pdf
from stannary.web.publications.report_templates import SHIPPED, Template, template
from stannary.web.publications.report_words import WORDS
from web.publications.saying_all import saying_all
from web.publications.test_report import opened, text_of

ROOT = Path(__file__).resolve().parents[3]
COVER = """#import "style.typ": data, say
#let cover = [
  #pdf.artifact(image("logo.svg", width: 20mm))
  = Our own cover of #data.title
  #say.contents
]
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "report"
    made.mkdir()
    return made


def refused(folder: Path, **data: Any) -> tuple[Mapping[str, str], str]:
    """Give facts and place of the first finding."""
    with pytest.raises(RefusalError) as refusal:
        set_pdf(template(folder), data)
    first = refusal.value.findings[0]
    assert first.code == "PUBLICATION-040"
    return first.facts, str(first.at)


def test_the_shipped_template_is_there_without_any_folder(settings: Any, tmp_path: Path) -> None:
    settings.REPORT_TEMPLATE = tmp_path / "absent"
    found = template()

    assert set(found.files) == {file.name for file in SHIPPED.glob("*.typ")}
    assert found.own == frozenset()
    assert found.words("en") == {}


@pytest.mark.django_db
def test_a_changed_template_is_set(
    folder: Path, published: PublishedResult, client: Client, settings: Any
) -> None:
    shipped = client.get(f"/results/{published.result_id}.pdf")
    (folder / "cover.typ").write_text(COVER)
    (folder / "logo.svg").write_text(LOGO)
    (folder / "strings.en.json").write_text(json.dumps({"contents": "What is in it"}))
    (folder / "README.md").write_text("left alone")
    settings.REPORT_TEMPLATE = folder
    own = client.get(f"/results/{published.result_id}.pdf")

    text = text_of(opened(own.content)).replace("\n", "")
    assert "Our own cover of Result of Example Pit" in text
    assert "What is in it" in text
    assert "The lowest principle decides" in text  # the other files are the shipped ones
    assert own.headers["ETag"] != shipped.headers["ETag"]
    settings.REPORT_TEMPLATE = folder / "absent"
    assert client.get(f"/results/{published.result_id}.pdf").content == shipped.content


@pytest.mark.django_db
def test_a_broken_template_is_refused_on_the_page_and_nothing_is_kept(
    folder: Path, published: PublishedResult, client: Client, settings: Any
) -> None:
    settings.REPORT_TEMPLATE, settings.REPORTS_FOLDER = folder, folder.parent / "kept"
    (folder / "cover.typ").write_text("#let cover = [\n  #nothing-like-this\n]\n")

    response = client.get(f"/results/{published.result_id}.pdf")

    assert response.status_code == 422
    assert b"PUBLICATION-040" in response.content
    assert not list((folder.parent / "kept").glob("??/*"))


def test_what_is_wrong_is_named_by_file_and_line(folder: Path) -> None:
    (folder / "report.typ").write_text('#import "own/more.typ": more\n#more\n')
    (folder / "own").mkdir()
    (folder / "own" / "more.typ").write_text("#let more = [\n  #unknown-thing\n]\n")

    facts, place = refused(folder)

    assert place == "own/more.typ, line 2"
    assert facts == {"problem": "unknown variable: unknown-thing"}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../secret.txt")', "project root"),
        ('#import ("@pre" + "view/cetz:0.1.0"): *', "failed to download package"),
        ("#let n = 0\n#while n < 1 { n = n * 1 }", "loop seems to be infinite"),
        ("#let f(n) = f(n + 1)\n#f(0)", "maximum function call depth exceeded"),
        ('#image(bytes("no picture"))', ""),
        ('#set document(title: "x")\n#figure(rect())', ""),
    ],
)
def test_a_template_reaches_nothing_outside_of_its_folder(
    source: str, problem: str, folder: Path
) -> None:
    (folder.parent / "secret.txt").write_text("a secret")
    (folder / "report.typ").write_text(source)

    facts, place = refused(folder)

    assert problem in facts["problem"]
    assert place.startswith("report.typ")
    assert "stannary-report-" not in facts["problem"]
    assert "secret" not in facts["problem"] or "../secret" in source


def test_a_template_that_never_ends_is_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_args: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("typst", 1)

    monkeypatch.setattr(subprocess, "run", late)

    assert refused(folder)[0] == {"problem": "not set within 120 seconds"}


def test_a_template_that_takes_all_memory_is_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = folder.parent / "child.py"
    child.write_text("import sys; sys.exit(9)")
    monkeypatch.setattr(report_setting, "CHILD", child)

    assert refused(folder)[0] == {"problem": "setting it took too long or too much memory"}


def test_the_child_learns_nothing_of_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANNARY_SECRET_KEY", "very secret")
    report_setting._environment.cache_clear()

    assert "very secret" not in str(report_setting._environment())
    assert report_setting._environment()["https_proxy"] == report_setting.NOWHERE


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("data.json", "not a file of a template"),
        ("run.sh", "not a file of a template"),
        ("page.html", "not a file of a template"),
    ],
)
def test_files_of_other_kinds_are_refused(name: str, problem: str, folder: Path) -> None:
    (folder / name).write_text("x")

    facts, place = refused(folder)
    assert (facts["problem"], place) == (problem, name)


def test_links_are_refused(folder: Path) -> None:
    (folder / "logo.png").symlink_to("/etc/passwd")

    assert refused(folder)[0] == {"problem": "a link"}


def test_a_folder_that_is_named_must_be_there(folder: Path) -> None:
    assert refused(folder / "absent")[0] == {"problem": "not a folder"}


@pytest.mark.parametrize(("over", "fine"), [(-1, True), (0, True), (1, False)])
def test_a_folder_is_bounded(
    over: int, fine: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_templates, "BYTES_MAX", 10)
    monkeypatch.setattr(report_templates, "FILES_MAX", 1)
    (folder / "a.typ").write_text("x" * (10 + over))
    if fine:
        assert "a.typ" in template(folder).files
        (folder / "b.typ").write_text("")
        assert refused(folder)[0] == {"problem": "more than 1 files"}
    else:
        assert refused(folder)[0] == {"problem": "more than 10 bytes"}


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        ("{", {"problem": "not JSON in UTF-8"}),
        ("[]", {"problem": "not an object"}),
        ('{"nothing": "x"}', {"word": "nothing", "problem": "no such word"}),
        ('{"contents": 1}', {"word": "contents", "problem": "not a text"}),
        (
            '{"title": "%(mine)s"}',
            {
                "word": "title",
                "problem": "a placeholder that is not known here, or a stray percent sign",
            },
        ),
        (
            '{"title": "100 %"}',
            {
                "word": "title",
                "problem": "a placeholder that is not known here, or a stray percent sign",
            },
        ),
    ],
)
def test_words_of_one_s_own_are_checked(content: str, facts: dict[str, str], folder: Path) -> None:
    (folder / "strings.fr.json").write_text(content)

    with pytest.raises(RefusalError) as refusal:
        template(folder).words("fr")
    first = refusal.value.findings[0]
    assert (first.code, dict(first.facts)) == ("PUBLICATION-040", facts)
    assert first.at
    assert first.at.file == "strings.fr.json"


def test_words_may_leave_a_placeholder_out_and_keep_percent_signs_elsewhere() -> None:
    words = {"title": "Our result", "contents": "100 % of it"}
    found = Template({"strings.en.json": json.dumps(words).encode()}, frozenset())

    assert found.words("en") == words


@pytest.mark.django_db
def test_the_command_sets_a_file_with_a_template(
    folder: Path, published: PublishedResult, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cover.typ").write_text(COVER)
    (folder / "logo.svg").write_text(LOGO)
    for form in ("json", "result.json"):
        file = folder.parent / f"it.{form}"
        file.write_bytes(client.get(f"/results/{published.result_id}.{form}").content)
        target = folder.parent / f"{form}.pdf"
        call_command("report", file, output=target, template=folder, language="es")
        text = text_of(opened(target.read_bytes())).replace("\n", "")
        assert "Our own cover of Resultado de Example Pit" in text
        assert published.sha256 in text


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(
    folder: Path, published: PublishedResult, client: Client
) -> None:
    file, target = folder.parent / "it.json", folder.parent / "it.pdf"
    file.write_text("{}")
    with pytest.raises(CommandError, match="PUBLICATION-006"):
        call_command("report", file, output=target)
    file.write_bytes(client.get(f"/results/{published.result_id}.json").content)
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("report", file, output=folder / "absent" / "it.pdf")
    (folder / "cover.typ").write_text("#oh")
    with pytest.raises(CommandError, match=r"cover.typ, line 1: PUBLICATION-040"):
        call_command("report", file, output=target, template=folder)
    assert not target.exists()


@pytest.mark.django_db
def test_a_template_is_given_the_documented_data_and_every_word(
    open_mining: Edition,
) -> None:
    page = (ROOT / "docs" / "reference" / "report-template.md").read_text("utf-8")
    said = saying_all(open_mining)
    with translation.override("en"):
        data = report.data(template(), said.row, earlier=said.earlier)

    assert data["form"] == "stannary/report-data/1"
    assert set(data["words"]) == set(WORDS)
    missing = [name for name in paths(data) if f"`{name}`" not in page]
    assert missing == []


def paths(shape: Any, start: str = "") -> set[str]:
    """Give every key of JSON values as `a.b` and `a[].b`; of words the head alone."""
    found: set[str] = set()
    if isinstance(shape, dict):
        for key, value in shape.items():
            name = f"{start}.{key}" if start else key
            found |= {name}
            found |= set() if name == "words" else paths(value, name)
    elif isinstance(shape, list):
        for one in shape:
            found |= paths(one, f"{start}[]")
    return found


def test_pdf_bytes_are_whole(folder: Path) -> None:
    (folder / "report.typ").write_text(
        '#set document(title: "T", date: datetime(year: 2026, month: 1, day: 2))\n= T'
    )
    first = set_pdf(template(folder), {})

    assert pikepdf.open(io.BytesIO(first)).pages
    assert first == set_pdf(template(folder), {})

"""The files of a result: the same bytes for ever, and enough to check it without this site."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stannary.cli.main import main
from stannary.core.assessments import rating_sheet
from stannary.core.publications import check_result
from stannary.core.scores import score
from stannary.core.standards import Edition
from stannary.formats.archives import unzipped
from stannary.formats.canonical import sha256_hex
from stannary.formats.packs import find_shipped_pack
from stannary.formats.ratings import read_ratings
from stannary.web.publications import records
from stannary.web.publications.models import PublishedResult

pytestmark = pytest.mark.django_db

IMMUTABLE = "public, max-age=31536000, immutable"


def test_the_json_is_the_bytes_that_were_hashed(
    published: PublishedResult, open_mining: Edition, client: Client
) -> None:
    response = client.get(f"/results/{published.result_id}.json")

    assert sha256_hex(response.content) == published.sha256
    assert response.headers["Content-Type"] == "application/json"
    assert check_result(json.loads(response.content), open_mining) == ()


@pytest.mark.parametrize("form", ["json", "csv", "result.json"])
def test_files_never_change_and_a_reader_who_has_them_is_told_so(
    form: str, published: PublishedResult, client: Client
) -> None:
    address = f"/results/{published.result_id}.{form}"
    response = client.get(address)

    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})

    assert response.headers["Cache-Control"] == IMMUTABLE
    assert response.headers["Content-Disposition"].endswith(f'{published.result_id}.{form}"')
    assert again.status_code == 304
    assert again.content == b""
    assert client.get(address).content == response.content


def test_oscal_results_name_the_address_and_the_hash_of_what_was_signed(
    published: PublishedResult, open_mining: Edition, client: Client
) -> None:
    response = client.get(f"/fr/results/{published.result_id}.oscal.json")
    inner = response.json()["assessment-results"]
    rlink = inner["back-matter"]["resources"][-1]["rlinks"][0]

    assert response.headers["Content-Type"] == "application/json"
    assert rlink["href"].endswith(f":8000/results/{published.result_id}.json")
    assert rlink["hashes"][0]["value"] == published.sha256
    assert len(inner["results"][0]["findings"]) == len(open_mining.requirements)
    assert client.get(f"/results/{published.result_id}.oscal.json").content == response.content


def test_the_workbook_has_every_requirement(
    published: PublishedResult, open_mining: Edition, client: Client
) -> None:
    response = client.get(f"/results/{published.result_id}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content))

    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{published.result_id}.xlsx"'
    )
    assert book["ratings"].max_row == len(open_mining.requirements) + 1
    assert ("sha256", published.sha256) in list(book["result"].iter_rows(values_only=True))


@pytest.mark.parametrize("form", ["oscal.json", "xlsx", "pdf", "zip"])
def test_what_is_made_of_a_result_is_made_once_and_kept_for_a_day(
    form: str, published: PublishedResult, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.REPORTS_FOLDER = tmp_path
    address = f"/results/{published.result_id}.{form}"
    response = client.get(address)
    kept = [file.read_bytes() for file in tmp_path.glob("??/*")]

    assert kept == [response.content]
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert client.get(address).content == response.content
    assert len(list(tmp_path.glob("??/*"))) == 1
    seen = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert seen.status_code == 304


def streamed(client: Client, address: str, **headers: str) -> str:
    """Read a streamed download whole."""
    response: Any = client.get(address, headers=headers)
    return b"".join(response.streaming_content).decode()


def verified(
    content: bytes, published: PublishedResult, folder: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """Check a result file on the command line, trusting this register, and give each outcome."""
    (folder / "it.result.json").write_bytes(content)
    (folder / "did.json").write_text(published.issuer_document)
    (folder / "log.vkey").write_text(published.log_vkey)
    trust = [f"--trust={folder / name}" for name in ("did.json", "log.vkey")]
    main(["verify", str(folder / "it.result.json"), *trust, "--on=2026-11-22", "--json"])
    report = json.loads(capsys.readouterr().out)
    return {step["name"]: step["outcome"] for step in report["steps"]}


def test_the_result_file_is_checked_without_this_site(
    published: PublishedResult, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = client.get(f"/results/{published.result_id}.result.json").content

    outcomes = verified(content, published, tmp_path, capsys)

    assert {name for name, outcome in outcomes.items() if outcome != "pass"} == {"not_revoked"}


def test_a_result_file_with_one_rating_changed_fails(
    published: PublishedResult, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = client.get(f"/results/{published.result_id}.result.json").content
    changed = content.replace(b'"partially"', b'"fully"', 1)

    outcomes = verified(changed, published, tmp_path, capsys)

    assert changed != content
    assert "fail" in outcomes.values()


def test_the_bundle_is_checked_with_nothing_else(
    published: PublishedResult, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = client.get(f"/results/{published.result_id}.zip").content

    outcomes = verified(content, published, tmp_path, capsys)

    assert {name for name, outcome in outcomes.items() if outcome != "pass"} == {"not_revoked"}
    assert "pack/standard.toml" in unzipped(content, "it.zip")


def test_the_bundle_can_be_handed_in_on_the_page(
    published: PublishedResult, client: Client
) -> None:
    content = client.get(f"/results/{published.result_id}.zip").content

    page = client.post("/verify/", {"file": SimpleUploadedFile("it.zip", content)})

    assert page.status_code == 200
    assert b"recomputed from the ratings enclosed" in page.content


def test_a_standard_that_changed_since_is_not_enclosed(
    published: PublishedResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "pack_sha256", lambda _folder: "0" * 64)
    assert not [name for name in unzipped(records.bundle(published), "it") if "/" in name]
    monkeypatch.undo()
    monkeypatch.setattr(
        records, "find_shipped_pack", lambda _name: find_shipped_pack("no/such/one")
    )
    assert not [name for name in unzipped(records.bundle(published), "it") if "/" in name]


def test_the_ratings_file_scores_as_published(
    published: PublishedResult, open_mining: Edition, client: Client
) -> None:
    content = client.get(f"/results/{published.result_id}.csv").content

    verdicts = read_ratings(io.BytesIO(content), "ratings.csv")
    result = score(rating_sheet(open_mining, verdicts), as_of=datetime.date(2026, 1, 5))

    assert result.level.code == published.level


def test_the_list_of_results_is_a_file_too(published: PublishedResult, client: Client) -> None:
    table = streamed(client, "/data/results.csv").splitlines()
    listed = json.loads(streamed(client, "/data/results.json"))

    assert table[0].startswith("id,site,site_name,illustrative,kind,earlier,corrected_by,standard")
    assert table[1].startswith(f"{published.result_id},example-pit,Example Pit,True")
    assert listed["results"][0]["sha256"] == published.sha256
    assert client.get("/data/results.xml").status_code == 404


def test_addresses_in_files_are_the_same_for_every_reader(
    published: PublishedResult, client: Client
) -> None:
    listed = json.loads(streamed(client, "/data/results.json", **{"Accept-Language": "fr"}))

    assert listed["results"][0]["page"].endswith(f":8000/results/{published.result_id}/")


def test_the_api_lists_results_page_by_page(
    published: PublishedResult, client: Client, settings: Any
) -> None:
    listed = client.get("/api/v1/results").json()
    none = client.get("/api/v1/results?site=elsewhere").json()
    one = client.get(f"/api/v1/results/{published.result_id}").json()

    assert [item["id"] for item in listed["items"]] == [str(published.result_id)]
    assert listed["next"] is None
    assert none["items"] == []
    assert one["result"]["id"] == published.result_id.urn
    assert one["credential"] == published.credential
    for address in one["files"].values():
        assert client.get(address.replace(settings.ORIGIN, "")).status_code == 200
    missing = client.get("/api/v1/results/00000000-0000-0000-0000-000000000000")
    assert (missing.status_code, missing.json()["title"]) == (404, "Not found")
    assert client.get("/api/v1/results?cursor=nonsense").status_code == 422

"""The page, its worker and its manifest: the same for everybody, and telling of nobody."""

import json

import pytest
from django.test import Client

from stannary.web.assessments.models import Assessment
from stannary.web.notebook import shell
from stannary.web.parties.models import Person


@pytest.mark.django_db
def test_the_page_tells_of_no_audit_and_is_guarded(audit: Assessment, auditor: Person) -> None:
    client = Client()
    client.force_login(auditor)

    own = client.get(f"/notebook/{audit.pk}/")
    page = own.content.decode()

    assert own.status_code == 200
    assert "Example Pit" not in page
    assert "auditor@" not in page
    assert "geolocation=(self)" in own["Permissions-Policy"]
    for name in ("script-src", "worker-src", "manifest-src"):
        assert f"{name} 'self'" in own["Content-Security-Policy"]
    assert f"/assessments/{audit.pk}/rate/" in page  # for whoever has no scripts
    # what browsers keep differs from it by that address alone
    kept = client.get("/notebook/").content.decode()
    assert page.replace(f"/assessments/{audit.pk}/rate/", "").count("\n") == kept.count("\n")


@pytest.mark.parametrize("before", ["", "/fr"])
def test_the_worker_keeps_the_page_and_every_script(before: str) -> None:
    client = Client()
    answer = client.get(f"{before}/notebook/worker.js")
    head = answer.content.decode().partition("\n")[0]
    kept = json.loads(head.removeprefix("const KEPT = ").rstrip(";"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert kept["shell"] == f"{before}/notebook/"
    assert len(kept["version"]) == 16
    names = {one.rpartition("/")[2] for one in kept["assets"]}
    assert {"page.js", "vault.js", "stannary.css"} <= names
    for script in shell.SCRIPTS:
        for line in shell._text(f"notebook/{script}.js").splitlines():
            if line.startswith("import ") and "from" in line:
                assert line.rpartition('"./')[2].rstrip('";') in names, line
    page = client.get(kept["shell"])
    assert page.status_code == 200
    assert ("Carnet" in page.content.decode()) is (before == "/fr")


def test_the_version_changes_with_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shell.worker().partition("\n")[0]
    assert shell.worker().partition("\n")[0] == before

    monkeypatch.setattr(shell, "_text", lambda name: f"another {name}")

    assert shell.worker().partition("\n")[0] != before


def test_the_manifest_limits_the_app_to_the_notebook() -> None:
    answer = Client().get("/notebook/app.webmanifest")

    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["scope"] == answer.json()["start_url"] == "/notebook/"

"""Writes docs/reference/api.md from the OpenAPI document; `--check` only compares."""

import json
import os
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "api.md"
HEAD = """\
# Endpoints

Written by `scripts/reference_api.py` from the OpenAPI document, which each server gives at `/api/v1/openapi.json`;
do not edit.

Reading what is public needs no account. Writing needs one that has the role, and a CSRF token:
[how](../howto/use-the-api.md). Errors are RFC 9457 problems (`application/problem+json`) with the code of the rule;
what is not there and what is not yours answer alike, with 404. Lists are paged:
give `next` as `cursor` for the page after, until it is null.
"""


def page(schema: dict[str, Any]) -> str:
    """Write the whole page from an OpenAPI document."""
    groups: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            endpoint = _endpoint(method, path, operation, schema["components"]["schemas"])
            groups.setdefault(tag, []).append(endpoint)
    parts = [HEAD]
    for tag, endpoints in groups.items():
        parts.append(f"## {tag[:1].upper()}{tag[1:]}\n")
        parts.extend(endpoints)
    return "\n".join(parts).rstrip() + "\n"


def _endpoint(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    lines = [f"### {method.upper()} {path}\n"]
    text = operation.get("description") or operation.get("summary") or ""
    lines.append(f"{text.strip()}\n")
    parameters = operation.get("parameters", [])
    if parameters:
        lines.append("| parameter | in | meaning |\n|---|---|---|")
        for parameter in parameters:
            meaning = parameter.get("description") or parameter["schema"].get("description") or ""
            name = f"`{parameter['name']}`" + (" (needed)" if parameter.get("required") else "")
            lines.append(f"| {name} | {parameter['in']} | {_cell(meaning)} |")
        lines[-1] += "\n"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if body:
        lines += _fields(body["schema"], schemas)
    return "\n".join(lines)


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    """Write the fields of a body, or of each of its rows."""
    form = schema.get("items", schema)
    form = schemas[form["$ref"].rpartition("/")[2]] if "$ref" in form else form
    head = "field of each row" if "items" in schema else "field of the body"
    lines = [f"| {head} | meaning | example |\n|---|---|---|"]
    for name, field in form["properties"].items():
        needed = " (needed)" if name in form.get("required", ()) else ""
        shown = ", ".join(f"`{json.dumps(one)}`" for one in field.get("examples", ()))
        lines.append(f"| `{name}`{needed} | {_cell(field['description'])} | {_cell(shown)} |")
    lines[-1] += "\n"
    return lines


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def openapi() -> dict[str, Any]:
    """Give the OpenAPI document of the program."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stannary.web.project.settings_test")
    import django  # noqa: PLC0415 - the settings must be named before

    django.setup()
    from stannary.web.project.api import api  # noqa: PLC0415 - Django must be set up before

    return dict(api.get_openapi_schema())


def main() -> int:
    """Write the page, or compare it."""
    text = page(openapi())
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is not what the program says; call make docs.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

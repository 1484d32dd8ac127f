"""`report`: the report of a published result as PDF, from its file, with a template of one's own.

Rules: PUBLICATION-006, PUBLICATION-040.
"""

import io
import json
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from stannary.core.kernel import RefusalError
from stannary.core.publications import PublishedResult as Result
from stannary.formats.canonical import canonical_bytes, sha256_hex
from stannary.formats.results import read_result, result_bytes
from stannary.web.publications import report, report_languages
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.report_templates import template


class Command(BaseCommand):
    help = "Set the report of a published result, from its JSON file, as PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="of a result: its .json or .result.json")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the PDF to write")
        parser.add_argument("--template", type=Path, help="a folder; default: this server's own")
        parser.add_argument("--language", default="en", choices=list(report_languages.NAMES))
        parser.add_argument("--earlier", type=Path, help="the result before it, to be compared")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            chosen = template(options["template"])
            row = _row(_result(options["file"]))
            earlier = _result(options["earlier"]) if options["earlier"] else None
            with translation.override(options["language"]):
                content = report.pdf_with(chosen, row, earlier=earlier)
        except RefusalError as refusal:
            messages = "\n".join(finding.message for finding in refusal.findings)
            raise CommandError(messages) from refusal
        try:
            options["output"].write_bytes(content)
        except OSError as problem:
            raise CommandError(f"{options['output']}: {problem.strerror}") from problem
        self.stdout.write(f"{options['output']}: {len(content)} bytes")


def _result(file: Path) -> Result:
    """Read a result, alone or inside of a result file.

    Raises:
        RefusalError: PUBLICATION-006 if it is none; CREDENTIAL-002 if it is not strict JSON.
    """
    try:
        whole = json.loads(file.read_bytes())
    except (OSError, ValueError):
        whole = None  # `read_result` says what is wrong
    if isinstance(whole, dict) and "result" in whole and "credential" in whole:
        return read_result(io.BytesIO(canonical_bytes(whole["result"])), str(file))
    return read_result(file)


def _row(result: Result) -> PublishedResult:
    """Give a result as a row that is never stored."""
    content = result_bytes(result)
    try:
        result_id = uuid.UUID(result.id)
    except ValueError:
        result_id = uuid.uuid5(uuid.NAMESPACE_URL, result.id)
    return PublishedResult(
        result_id=result_id,
        standard=result.standard,
        published_on=result.published_on,
        content=content.decode(),
        sha256=sha256_hex(content),
    )

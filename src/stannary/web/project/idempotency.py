"""Writes that may be sent again: one key, one act, one answer.

Rules: API-002, API-003, PARTY-001.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema

from stannary.core.kernel import refuse
from stannary.web.parties.models import Person
from stannary.web.parties.operations import hold_key, keep_answer
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.rules import KEY_IS_FOR_ONE_REQUEST, KEY_IS_PLAIN

HEADER = "Idempotency-Key"
KEY_MAX = 100
_SIGN = r"[!#-+\--\[\]-~]"
_KEY = re.compile(rf'"({_SIGN}{{1,{KEY_MAX}}})"|({_SIGN}{{1,{KEY_MAX}}})')

NO_NULL = "^[^\\x00]*$"
"""What texts of a body look like that are looked up: PostgreSQL cannot look for a null character."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a write made.

    Attributes:
        body: The answer, of the endpoint's schema.
        location: Address of what was made; "" for none.
        status: 201 where something new has an address, else 200.
        once: What is answered now and never again, as a link that is a right: it is kept under no
            key.
    """

    body: Mapping[str, Any]
    location: str = ""
    status: int = 201
    once: Mapping[str, Any] = field(default_factory=dict)


def actor_of(request: HttpRequest) -> Person:
    """Give the person who is signed in.

    Raises:
        RefusalError: PARTY-001 if nobody is.
    """
    user = request.user
    if not isinstance(user, Person):
        refuse(IS_THERE_FOR_YOU)
    return user


def once(
    request: HttpRequest,
    schema: type[Schema],
    act: Callable[[], Made],
    *,
    sent: bytes | None = None,
) -> HttpResponse:
    """Do what a request asks for, and answer. This will do it once for each key.

    With an Idempotency-Key that the person has used for the same request, nothing is done and the
    answer is the one that was given then. A refusal is not kept, for nothing was done: the same
    request is looked at anew. Without a key the act is simply done.

    Args:
        request: Of somebody who is signed in.
        schema: The form of the answer.
        act: What is asked for.
        sent: What stands for the body where that was read already, as a form with a file is: a
            client that sends it again draws other lines between its parts. None: the body.

    Raises:
        RefusalError: API-002 for a key of another form; API-003 if the key was used for another
            request; what `act` refuses.
    """
    actor = actor_of(request)
    key = _key_of(request)
    if key is None:
        made = act()
        return _answer(made.status, made.location, _text(schema, made, made.once))
    digest = _digest(request, sent)
    with transaction.atomic():
        kept, is_new = hold_key(actor=actor, key=key, request_sha256=digest, at=timezone.now())
        if not is_new and kept.request_sha256 != digest:
            refuse(KEY_IS_FOR_ONE_REQUEST, key=key)
        if not is_new:
            return _answer(kept.status, kept.location, kept.body)
        made = act()
        text = _text(schema, made, {})
        keep_answer(kept, status=made.status, location=made.location, body=text)
    return _answer(made.status, made.location, _text(schema, made, made.once))


def _key_of(request: HttpRequest) -> str | None:
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    form = _KEY.fullmatch(sent.strip())
    if form is None:
        refuse(KEY_IS_PLAIN, key=ascii(sent[:40]), length=f"{len(sent)} signs")
    return form[1] or form[2]


def _digest(request: HttpRequest, sent: bytes | None) -> str:
    head = f"{request.method} {request.path}\n{request.content_type}\n"
    body = request.body if sent is None else sent
    return hashlib.sha256(head.encode() + body).hexdigest()


def _text(schema: type[Schema], made: Made, once: Mapping[str, Any]) -> str:
    return schema.model_validate({**made.body, **once}).model_dump_json()


def _answer(status: int, location: str, text: str) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    if location:
        answer["Location"] = location
    return answer

"""What the pages of an account say about passkeys."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from stannary.web.accounts.adapter import passkeys_work

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys(context: Context) -> dict[str, object]:
    """Tell whether passkeys work at this address, and if not, at which they would."""
    request: HttpRequest = context["request"]
    port = request.get_port()
    return {
        "work": passkeys_work(request),
        "elsewhere": f"http://localhost:{port}{reverse('account_login')}",
        "loopback": request.get_host().partition(":")[0] == "127.0.0.1",
    }


@register.filter
def as_json(value: object) -> str:
    """Write a value as JSON, to stand in an attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)

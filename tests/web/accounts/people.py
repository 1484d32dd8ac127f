"""What tests of accounts need: a browser that types, codes of an app, links from mails."""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from stannary.web.parties.models import Person

PASSWORD = "long enough for tests"
SECRET = base64.b32encode(b"twenty bytes of test").decode()


def code_at(moment: float, secret: str = SECRET) -> str:
    """Give the code that an app shows at a moment: RFC 6238 with SHA-1, 30 seconds, 6 digits."""
    counter = struct.pack(">Q", int(moment // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def give_app(person: Person) -> Authenticator:
    """Let somebody have set up an app earlier."""
    made: Authenticator = TOTP.activate(person, SECRET).instance
    return made


def type_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Fill in the form to sign in."""
    return client.post("/sign-in/", {"login": name, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(text: str) -> str:
    """Find the path of the only link in a mail."""
    (found,) = re.findall(r"https?://[^/\s]+(/\S+/)\r?\n", text)
    return str(found)


NEW = "four words of nonsense"


def set_password(client: Client, path: str, password: str = NEW) -> Any:
    """Follow a link to set a password, and set it."""
    shown = client.get(path, follow=True)
    sent: Mapping[str, str] = {"password1": password, "password2": password}
    return client.post(shown.redirect_chain[-1][0] if shown.redirect_chain else path, sent)

"""What the settings read from the environment, and what they refuse. No models, no settings here."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CLAMD_FORM = "/path/of/its/socket, or host:port"
SMTP_FORM = "smtp://user:password@host:587/?tls=1, or smtps://user:password@host:465/"


@dataclass(frozen=True, slots=True)
class Smtp:
    """A server that takes our mail.

    Attributes:
        host: Its name or address.
        port: 25, 587 or 465 unless the address says another.
        user: To sign in with; "" for none.
        password: To sign in with.
        starts_tls: Whether the connection is secured after the first words (STARTTLS).
        is_tls: Whether it is secured from the beginning.
        timeout: Seconds until a silent server is given up.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False
    timeout: int = 20


def smtp_of(address: str) -> Smtp | None:
    """Read STANNARY_SMTP_URL; None if it is empty.

    Raises:
        ImproperlyConfigured: For anything that is not an address of this form. The password is
            not repeated.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
        more = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        timeout = int(more.pop("timeout", "20"))
        starts_tls = {"0": False, "1": True}[more.pop("tls", "0")]
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"STANNARY_SMTP_URL is not of the form {SMTP_FORM}") from None
    is_tls = parts.scheme == "smtps"
    known = parts.scheme in ("smtp", "smtps") and parts.path in ("", "/") and not parts.fragment
    if not known or not parts.hostname or more or timeout < 1 or (is_tls and starts_tls):
        raise ImproperlyConfigured(f"STANNARY_SMTP_URL is not of the form {SMTP_FORM}")
    usual = 465 if is_tls else 587 if starts_tls else 25
    return Smtp(
        host=parts.hostname,
        port=port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=starts_tls,
        is_tls=is_tls,
        timeout=timeout,
    )


def clamd_of(address: str) -> str | tuple[str, int] | None:
    """Read STANNARY_CLAMD: the path of a Unix socket, or host and port; None if it is empty.

    Raises:
        ImproperlyConfigured: For anything else.
    """
    if not address:
        return None
    if address.startswith("/"):
        return address
    host, _colon, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ImproperlyConfigured(f"STANNARY_CLAMD is not of the form {CLAMD_FORM}")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Tell whether a name can only mean the machine itself."""
    host = host.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def demonstration(asked: str, *, hosts: Iterable[str], origin: str) -> bool:
    """Tell whether this is a demonstration: STANNARY_DEMO=1, and on this machine alone.

    Raises:
        ImproperlyConfigured: If a demonstration is asked for and others could reach it, or the
            variable says anything but 0 or 1.
    """
    if asked not in ("", "0", "1"):
        raise ImproperlyConfigured("STANNARY_DEMO is 1 for a demonstration, or is left out")
    if asked != "1":
        return False
    public = urlsplit(origin).hostname or ""
    others = [host for host in (*hosts, public) if not is_loopback(host)]
    if others:
        raise ImproperlyConfigured(
            "STANNARY_DEMO=1 spares demonstration accounts the second factor, so it serves this "
            f"machine alone; leave it out, or take {', '.join(sorted(set(others)))!r} out of "
            "STANNARY_HOSTS and STANNARY_ORIGIN"
        )
    return True

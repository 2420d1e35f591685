"""How often somebody may try to prove who they are.

Passwords are limited for a name and a source together, so that a stranger cannot shut out
somebody by guessing wrongly, and codes for an account, since only who has given a first proof
can try them. Passkeys are never limited: they cannot be guessed, and they are the way in that
no attack on the others closes.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from marfa.platform.limits.limiter import Limit

PASSWORD = Limit("accounts.password", burst=10, interval=timedelta(minutes=2))
SOURCE = Limit("accounts.source", burst=60, interval=timedelta(seconds=5))
# A link cannot be guessed; this only keeps a flood from keeping the database busy.
LINK = Limit("accounts.link", burst=120, interval=timedelta(seconds=1))
CODE = Limit("accounts.code", burst=6, interval=timedelta(minutes=5))
RECOVERY = Limit("accounts.recovery", burst=6, interval=timedelta(minutes=5))
# A challenge is good for one answer; afterwards it is too old in any case.
CHALLENGE = Limit("accounts.challenge", burst=1, interval=timedelta(hours=1))

V6_SUBSCRIBER = 64


def source_of(request: HttpRequest) -> str:
    """From where a request comes: an address, or the network of one subscriber of IPv6.

    Behind a proxy the last address that it was told of counts; what a visitor wrote before it
    does not. It is counted as a keyed digest and kept nowhere else.
    """
    told = request.headers.get("X-Forwarded-For", "") if settings.MARFA.origin else ""
    text = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, V6_SUBSCRIBER), strict=False))
    return str(address)

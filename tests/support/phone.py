"""A phone on the site's network, for a process in a network of its own:

    python -m tests.support.phone     what it is given as JSON on its standard input

It takes the certificate from the page for phones, compares its fingerprint with the one that was
given with the code, trusts it and nothing else, and works; what it saw is printed as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import ssl
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from marfa.crypto.totp import code_at, step_of
from tests.attack.page_forms import page_forms
from tests.attack.visitor import Visitor

PASSWORD = "four olive trees by the wall"
REGISTER = "/desks/reception/register/person/?whole"


def plain(url: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """What is answered without TLS."""
    where = urlsplit(url)
    asked = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    asked.request("GET", path)
    answer = asked.getresponse()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def enrolled(enrol: str, fingerprint: str) -> tuple[str, bytes]:
    """The certificate that the page for phones leads to, and the page; fails for another one."""
    _status, _headers, page = plain(enrol, "/")
    path = re.search(rb'href="([^"]+\.crt)"', page)
    assert path, page
    _status, headers, der = plain(enrol, path[1].decode())
    assert headers["content-type"] == "application/x-x509-ca-cert"
    assert hashlib.sha256(der).digest().hex(":").upper() == fingerprint
    return ssl.DER_cert_to_PEM_cert(der), page


def come_in(phone: Visitor, link: str) -> None:
    """By a link, and set up a password and an authenticator app, which every role asks for."""
    assert phone.post(link, {}, on=link).status == 302
    mine = "/my/security/password/"
    assert phone.post(mine, {"password": PASSWORD}, on=mine).status == 302
    page = phone.get("/my/security/app/").text
    shown = re.search(r"<details.*?<code[^>]*>([^<]+)", page, re.DOTALL)
    assert shown, page
    typed = shown[1].replace(" ", "")
    seed = base64.b32decode(typed + "=" * (-len(typed) % 8))
    form = next(form for form in page_forms(page) if "code" in form.typed)
    now = time.time()  # noqa: TID251 - the server's clock is real
    sent = phone.send(form, "/my/security/app/", code=code_at(seed, step_of(now)))
    assert sent.status == 200, sent.text


def register(phone: Visitor, name: str) -> str:
    """Fill the form of a registration in and send it; where its answer leads to."""
    form = next(f for f in page_forms(phone.get(REGISTER).text) if "sex" in f.choices)
    answer = phone.send(form, REGISTER, do="save", name=name, sex="female")
    return answer.headers.get("location", "")


def refused(origin: str, trusted: str) -> str:
    """Why a server is not believed; empty where it is."""
    try:
        Visitor(origin, trusted=trusted).get("/health/")
    except ssl.SSLError as error:
        return str(error)
    return ""


def at_work(told: dict[str, Any]) -> dict[str, Any]:
    """All of it; ``told``: what the test says on the standard input."""
    certificate, page = enrolled(told["enrol"], told["fingerprint"])
    by_name = Visitor(told["by_name"], trusted=certificate)
    by_address = Visitor(told["by_address"], trusted=certificate)
    come_in(by_name, told["link"])
    by_address.cookies = by_name.cookies
    return {
        "registered": [register(by_name, "Amberjack"), register(by_address, "Bluefin")],
        "page": page.decode(),
        "elsewhere": plain(told["enrol"], "/desks/reception/")[:2],
        "foreign": refused(told["by_name"], told["foreign"]),
        "impostor": refused(told["impostor"], certificate),
        "cookies": sorted(by_name.cookies),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(at_work(json.load(sys.stdin))))

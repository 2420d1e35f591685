"""A browser without a browser: cookies, the token of a form, and an address to come from."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.attack.page_forms import PageForm, page_forms


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Visitor:
    """Somebody at a server that runs; ``source`` is the address they come from, ``trusted`` the
    one certificate (PEM) that they believe on a secure origin."""

    origin: str
    source: str = "127.0.0.1"
    patience: float = 120
    trusted: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"")

    def post(self, path: str, fields: dict[str, str], on: str) -> Answer:
        """Send the form to ``path`` that stands on the page ``on``, with these fields changed."""
        forms = page_forms(self.get(on).text)
        own = [form for form in forms if (form.action or on) == path and form.method == "post"]
        assert own, f"no form to {path} on {on}"
        return self.send(own[0], path, **fields)

    def send(self, form: PageForm, path: str, **fields: str) -> Answer:
        """Send a form of a page that is open, with these fields changed."""
        return self._ask("POST", path, urlencode(form.sent(**fields)).encode())

    def upload(
        self, path: str, fields: dict[str, str], name: str, file: tuple[str, bytes]
    ) -> Answer:
        """Send the form to ``path`` that stands there, with a file under a name."""
        forms = page_forms(self.get(path).text)
        form = next(one for one in forms if set(fields) <= {*one.choices, *one.typed})
        mark = "beginning-of-a-part"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in form.sent(**fields)
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file[0]}"'
        body = "".join(parts).encode() + f"{head}\r\n\r\n".encode() + file[1]
        body += f"\r\n--{mark}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def enter(self, desk: str) -> Visitor:
        """Come into a demonstration as the person of a desk."""
        assert self.post("/demonstration/enter/", {"desk": desk}, on="/sign-in/").status == 302
        return self

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        where = urlsplit(self.origin)
        host = where.hostname or ""
        connection: http.client.HTTPConnection
        if self.trusted:
            context = ssl.create_default_context(cadata=self.trusted)
            connection = http.client.HTTPSConnection(
                host, where.port, timeout=self.patience, context=context
            )
        else:
            connection = http.client.HTTPConnection(
                host, where.port, timeout=self.patience, source_address=(self.source, 0)
            )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = kind
        if self.trusted:
            # As every browser does with a form.
            headers["Origin"] = self.origin
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.cookies |= {key: each.value for key, each in SimpleCookie(value).items()}
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        finally:
            connection.close()

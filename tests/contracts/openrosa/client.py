"""A client of OpenRosa 1.0, written from the standard, that holds a server to it.

It knows nothing of Marfa: it is given an address, a user name, a password, and a way to send. What
a server must do is asserted on each answer; what it may do is only used. The standard is the one at
docs.getodk.org: HTTP request, form list, form submission, authentication.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
ONCE = ("formID", "name", "version", "hash", "downloadUrl")
AT_MOST_ONCE = ("descriptionText", "descriptionUrl", "manifestUrl")


@dataclass(frozen=True)
class Answer:
    """status, headers with names in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""(method, address or path, headers, body) -> answer."""


@dataclass(frozen=True)
class Listed:
    """One form of a list."""

    form_id: str
    name: str
    version: str
    hash: str
    download: str
    manifest: str | None
    description: str | None


@dataclass(frozen=True)
class File:
    """One attachment."""

    name: str
    media_type: str
    content: bytes


@dataclass
class Client:
    """base: path before ``/formList``. shape: how parts are named, ``collect`` or ``enketo``."""

    send: Send
    base: str
    username: str
    password: str
    language: str = "en"
    shape: str = "collect"
    said: list[str] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: bytes = b"", *, login: bool = True, kind: str = ""
    ) -> Answer:
        headers = {
            "X-OpenRosa-Version": "1.0",
            "Date": "Mon, 02 Mar 2026 08:00:00 GMT",
            "Accept-Language": self.language,
            **({"Content-Type": kind} if kind else {}),
        }
        if login:
            plain = f"{self.username}:{self.password}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(plain).decode()
        return self.send(method, path, headers, body)

    # What every good answer has

    def good(self, answer: Answer, status: int) -> Answer:
        assert answer.status == status, (answer.status, answer.body[:400])
        assert answer.headers["x-openrosa-version"] == "1.0"
        assert parsedate_to_datetime(answer.headers["date"]) is not None
        assert int(answer.headers["x-openrosa-accept-content-length"]) > 0
        return answer

    def challenged(self, method: str, path: str) -> None:
        """Without credentials: 401, and Basic is offered."""
        answer = self.ask(method, path, login=False)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].lower().startswith("basic realm=")

    def message(self, answer: Answer) -> str:
        """The sentence of an OpenRosaResponse."""
        assert answer.headers["content-type"].replace(" ", "") == "text/xml;charset=utf-8"
        root = tree(answer.body)
        assert root.tag == f"{RESPONSE}OpenRosaResponse"
        sentences = root.findall(f"{RESPONSE}message")
        assert len(sentences) == 1
        assert sentences[0].text
        self.said.append(sentences[0].text)
        return sentences[0].text

    # Forms

    def forms(self, **query: str) -> list[Listed]:
        path = f"{self.base}/formList" + (f"?{urlencode(query)}" if query else "")
        head = self.good(self.ask("HEAD", path), 200)
        assert head.body == b""
        answer = self.good(self.ask("GET", path), 200)
        assert answer.headers["content-type"].replace(" ", "") == "text/xml;charset=utf-8"
        root = tree(answer.body)
        assert root.tag == f"{LIST}xforms"
        assert {child.tag for child in root} <= {f"{LIST}xform", f"{LIST}xforms-group"}
        return [listed(child) for child in root.findall(f"{LIST}xform")]

    def download(self, form: Listed) -> tuple[bytes, dict[str, bytes]]:
        """A form with its files; every hash holds."""
        xml = self.good(self.ask("GET", form.download), 200).body
        assert form.hash == "md5:" + hashlib.md5(xml, usedforsecurity=False).hexdigest()
        files: dict[str, bytes] = {}
        if form.manifest:
            root = tree(self.good(self.ask("GET", form.manifest), 200).body)
            assert root.tag == f"{MANIFEST}manifest"
            for entry in root.findall(f"{MANIFEST}mediaFile"):
                name, digest, url = (
                    one(entry, f"{MANIFEST}{tag}") for tag in ("filename", "hash", "downloadUrl")
                )
                assert not name.startswith("/")
                assert ".." not in name
                content = self.good(self.ask("GET", url), 200).body
                assert digest == "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()
                files[name] = content
        return xml, files

    # Submissions

    def most(self) -> int:
        """How large a body should be; HEAD is answered with 204."""
        answer = self.good(self.ask("HEAD", f"{self.base}/submission"), 204)
        return int(answer.headers["x-openrosa-accept-content-length"])

    def post(self, xml: bytes, files: Iterable[File] = ()) -> Answer:
        boundary = uuid.uuid4().hex
        body = b"".join(self._parts(boundary, xml, list(files))) + f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", f"{self.base}/submission", body, kind=kind)

    def _parts(self, boundary: str, xml: bytes, files: list[File]) -> Iterator[bytes]:
        name = "xml_submission_file" if self.shape == "enketo" else "arrival_2026-03-02.xml"
        yield part(boundary, "xml_submission_file", name, "text/xml", xml)
        for file in files:
            yield part(boundary, file.name, file.name, file.media_type, file.content)

    def submit(self, xml: bytes, files: Iterable[File] = (), most: int | None = None) -> int:
        """Send all of a submission, split as the standard says; in how many requests."""
        limit = most or self.most()
        batches: list[list[File]] = [[]]
        room = limit - len(xml)
        for file in files:
            if batches[-1] and len(file.content) > room:
                batches.append([])
                room = limit - len(xml)
            batches[-1].append(file)
            room -= len(file.content)
        for batch in batches:
            answer = self.good(self.post(xml, batch), 201)
            self.message(answer)
        return len(batches)


def tree(document: bytes) -> ET.Element:
    """What our own server answered; a document type would be a fault of it."""
    assert b"<!" not in document
    return ET.fromstring(document)  # noqa: S314 - see above


def part(boundary: str, name: str, filename: str, media_type: str, content: bytes) -> bytes:
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


def one(element: ET.Element, tag: str) -> str:
    """The text of an element that must be there exactly once."""
    found = element.findall(tag)
    assert len(found) == 1, tag
    return found[0].text or ""


def listed(element: ET.Element) -> Listed:
    texts = {tag: one(element, f"{LIST}{tag}") for tag in ONCE}
    for tag in AT_MOST_ONCE:
        assert len(element.findall(f"{LIST}{tag}")) <= 1
    manifest, description = (
        element.findtext(f"{LIST}{tag}") for tag in ("manifestUrl", "descriptionText")
    )
    assert texts["hash"].startswith("md5:")
    assert len(texts["hash"]) == 36
    return Listed(
        texts["formID"],
        texts["name"],
        texts["version"],
        texts["hash"],
        texts["downloadUrl"],
        manifest,
        description,
    )

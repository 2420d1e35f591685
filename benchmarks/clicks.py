"""What people at their desks click, over HTTP on loopback, and what each click took."""

from __future__ import annotations

import html
import http.client
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

SECONDS = 60
"""After which a click without an answer has failed."""
CSRF = "b" * 32
REFERENCE = "one's own account (reference)"
LANGUAGE = "ar"
"""In which the pages are read."""
_HEADING = re.compile("<h1.*?</h1>", re.DOTALL)


@dataclass(frozen=True)
class Ask:
    """One request, and what answers it where all is well.

    shows: what the heading of the page says. lacks: what stands nowhere on it. leads: pattern of
    the address to which the answer leads.
    """

    path: str
    form: dict[str, str] | None = None
    status: int = 200
    shows: str = ""
    lacks: Sequence[str] = ()
    leads: str = ""

    def wrong_with(self, answer: Answer) -> str:
        """What is wrong with an answer, in a few words; empty where it is the one that was due."""
        if answer.status != self.status:
            return f"status {answer.status} where {self.status} was due"
        if self.leads and not re.fullmatch(self.leads, answer.headers.get("Location", "")):
            return "it leads somewhere else"
        heading = _HEADING.search(answer.text)
        if self.shows and not (heading and self.shows in html.unescape(heading[0])):
            return "another page came"
        said = [each for each in self.lacks if html.escape(each) in answer.text]
        return f"the page says: {said[0]}" if said else ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    text: str


@dataclass(frozen=True)
class Click:
    """One kind of click. often: how often, against the others of the same desk."""

    kind: str
    often: int
    ask: Callable[[random.Random], Ask]


@dataclass
class Visitor:
    """Somebody who is signed in, and what they click."""

    cookie: str
    clicks: Sequence[Click]
    draw: random.Random

    def next(self) -> tuple[str, Ask]:
        click = self.draw.choices(self.clicks, [each.often for each in self.clicks])[0]
        return click.kind, click.ask(self.draw)


@dataclass
class Taken:
    """Seconds of each click by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    passed: float = 0.0

    def all(self) -> list[float]:
        """Of all clicks but those of the reference."""
        return [each for kind, some in self.seconds.items() if kind != REFERENCE for each in some]

    def add(self, kind: str, seconds: float, wrong: str) -> None:
        if wrong:
            self.errors.append(f"{kind}: {wrong}")
        else:
            self.seconds.setdefault(kind, []).append(seconds)


class Site:
    """The server, as a browser reaches it; each click has a connection of its own, since that of
    the click before it was closed while its page was read."""

    def __init__(self, origin: str, cookies: str) -> None:
        parts = urlsplit(origin)
        self.address = (str(parts.hostname), int(parts.port or 80))
        self.prefix = cookies

    def send(self, ask: Ask, cookie: str = "") -> Answer:
        """An answer, once its body is there."""
        headers = {"Cookie": f"{self.prefix}csrf={CSRF}; {cookie}", "Accept-Language": LANGUAGE}
        method, body = "GET", None
        if ask.form is not None:
            method, body = "POST", urlencode({"csrfmiddlewaretoken": CSRF, **ask.form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(*self.address, timeout=SECONDS)
        try:
            connection.request(method, ask.path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, answer.headers, text)
        finally:
            connection.close()

    def enter(self, link: str) -> str:
        """Press the button of a one-time link; gives the cookie of the session."""
        answer = self.send(Ask(link, {}))
        for line in answer.headers.get_all("Set-Cookie") or ():
            if line.startswith(f"{self.prefix}session="):
                return str(line.partition(";")[0])
        raise SystemExit(f"nobody could sign in: status {answer.status}")

    def timed(self, kind: str, ask: Ask, cookie: str, taken: Taken) -> None:
        begun = time.perf_counter()
        try:
            answer = self.send(ask, cookie)
        except (OSError, http.client.HTTPException) as error:
            taken.add(kind, 0, type(error).__name__)
        else:
            taken.add(kind, time.perf_counter() - begun, ask.wrong_with(answer))


def load(site: Site, visitors: Sequence[Visitor], requests: int, think: float) -> Taken:
    """So many clicks by all visitors at once, each with pauses of think seconds in the mean, from
    half of it to half as much again."""
    ended, each, all_taken = threading.Event(), max(requests // len(visitors), 1), []

    def visit(visitor: Visitor, taken: Taken) -> None:
        ended.wait(visitor.draw.random() * think)
        for _ in range(each):
            if ended.is_set():
                return
            kind, ask = visitor.next()
            site.timed(kind, ask, visitor.cookie, taken)
            ended.wait(think * visitor.draw.uniform(0.5, 1.5))

    threads, begun = [], time.perf_counter()
    try:
        for visitor in visitors:
            all_taken.append(Taken())
            threads.append(threading.Thread(target=visit, args=(visitor, all_taken[-1])))
            threads[-1].start()
        for thread in threads:
            thread.join()
    finally:
        ended.set()
    return together(all_taken, time.perf_counter() - begun)


def together(several: Sequence[Taken], passed: float) -> Taken:
    """What all of them took."""
    found = Taken(passed=passed)
    for taken in several:
        found.errors += taken.errors
        for kind, seconds in taken.seconds.items():
            found.seconds.setdefault(kind, []).extend(seconds)
    return found

"""Every form that somebody comes to by links, and how it is filled in without knowing it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.attack.page_forms import Fields, PageForm, forms_and_links

OF_A_VIEW = 2
"""Pages of one view that are looked at for one person: others are like them."""
NOT_FOLLOWED = ("/static/", "/sign-in/link/")
ENDS_THE_ATTACK = frozenset(
    {
        # They end the sessions, roles or accounts by which the others are written.
        "accounts:sign_out",
        "accounts:lock",
        "demo:enter",
    }
)


@dataclass(frozen=True)
class Place:
    """A form that a person found: on which page, and of which view."""

    user: str
    page: str
    view: str


def view_of(path: str) -> str:
    """The name of the view at an address; empty where there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def forms_found(user: str, client: Client, most: int) -> Iterator[Place]:
    """All forms that a person comes to by links from the first page."""
    waiting, seen, looked = ["/"], {"/"}, Counter[str]()
    while waiting and looked.total() < most:
        page = waiting.pop(0)
        view = view_of(page)
        if not view or looked[view] >= OF_A_VIEW or page.startswith(NOT_FOLLOWED):
            continue
        looked[view] += 1
        answer: Any = client.get(page)
        if answer.status_code in (301, 302):
            links = [answer.headers["Location"]]
        elif answer.status_code == 200 and not answer.streaming:
            forms, links = forms_and_links(answer.content.decode(errors="replace"))
            for form in forms:
                sent_to = view_of(form.action or page)
                if form.method == "post" and sent_to and sent_to not in ENDS_THE_ATTACK:
                    yield Place(user, page, sent_to)
        else:
            links = []
        if answer.streaming:
            b"".join(answer.streaming_content)
        for link in links:
            path = link.partition("#")[0]
            if path.startswith("/") and path not in seen:
                seen.add(path)
                waiting.append(path)


def filled_in(form: PageForm, chance: random.Random, words: Callable[[], str]) -> Fields:
    """One way to fill a form in: what is chosen by chance, what is typed in words or left out."""
    sent = dict(form.sent())
    many: Fields = [pair for pair in form.sent() if sent[pair[0]] != pair[1]]
    sparing = chance.random() < 0.4
    for name, values in form.choices.items():
        offered = [value for value in values if value]
        changes = not sparing if name in sent else True
        if offered and changes and chance.random() < (0.5 if name in sent or sparing else 1):
            sent[name] = chance.choice(offered)
    for name, kind in form.typed.items():
        if sent.get(name) and kind != "textarea":
            continue
        if not sparing or kind == "textarea" or chance.random() < 0.5:
            sent[name] = typed(name, kind, chance, words)
    if form.buttons:
        name, value = chance.choice(form.buttons)
        sent[name] = value
    return [*sent.items(), *many]


def typed(name: str, kind: str, chance: random.Random, words: Callable[[], str]) -> str:
    """What is typed into a field of a kind, as far as its name tells."""
    if kind == "date" or name.endswith(("_on", "date", "until", "by")):
        return chance.choice(["2026-11-20", "2026-12-20", "2027-06-01"])
    if kind == "datetime-local":
        return "2026-11-20T10:00"
    if kind == "time":
        return "10:30"
    if kind == "number" or name in ("born", "age", "count", "size", "number", "minutes", "hours"):
        return str(chance.randint(1, 40))
    if kind == "email":
        return f"{words().replace(' ', '.').lower()}@example.org"
    return words()

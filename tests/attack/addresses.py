"""Every address that somebody comes to by links, and the same address of nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.test import Client

from marfa.domain.ids import new_reference
from tests.attack.page_forms import forms_and_links
from tests.attack.write_paths import view_of

REFERENCE = re.compile(r"(?<=/)[0-9a-z]{20}(?=/)")
OF_A_VIEW = 2
CHANGES_SOMETHING = re.compile(r"/(sign-out|lock|static)/|^/sign-in/|^/static/")


def addresses_found(client: Client, start: list[str], about: set[str]) -> set[str]:
    """All addresses with one of these references that somebody comes to from some pages, those of
    forms too; of each view some, since others are like them."""
    waiting, seen, looked = list(start), set(start), Counter[str]()
    while waiting:
        page = waiting.pop(0)
        view = view_of(page)
        if not view or looked[view] >= OF_A_VIEW or CHANGES_SOMETHING.search(page):
            continue
        looked[view] += 1
        answer: Any = client.get(page)
        links: list[str] = []
        if answer.status_code in (301, 302):
            links = [answer.headers["Location"]]
        elif answer.status_code == 200 and not answer.streaming:
            forms, links = forms_and_links(answer.content.decode(errors="replace"))
            links += [form.action for form in forms]
        if answer.streaming:
            b"".join(answer.streaming_content)
        for link in links:
            path = link.partition("#")[0].partition("?")[0]
            if path not in seen and about.intersection(REFERENCE.findall(path)):
                seen.add(path)
                waiting.append(path)
    return {each for each in seen if not CHANGES_SOMETHING.search(each)}


def of_nobody(address: str) -> str:
    """The same address with references that nobody has."""
    return REFERENCE.sub(lambda _: new_reference(), address)


def told(client: Client, method: str, address: str) -> tuple[int, str, str]:
    """What somebody is told at an address, without what is drawn anew each time and without the
    reference that they gave themselves."""
    answer: Any = client.get(address) if method == "get" else client.post(address, {})
    body = b"".join(answer) if answer.streaming else answer.content
    text = plain(body.decode(errors="replace"), address)
    return answer.status_code, plain(answer.headers.get("Location", ""), address), text


def plain(text: str, address: str) -> str:
    for reference in REFERENCE.findall(address):
        text = text.replace(reference, "REFERENCE")
    text = re.sub(r'nonce="[^"]*"', "", text)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def differences(client: Client, addresses: list[str], methods: tuple[str, ...]) -> Iterator[str]:
    """Where somebody is told something else of what is there than of what is not."""
    for address in addresses:
        for method in methods:
            one, other = told(client, method, address), told(client, method, of_nobody(address))
            if one != other:
                yield f"{method} {view_of(address)} {one[0]} {other[0]}"

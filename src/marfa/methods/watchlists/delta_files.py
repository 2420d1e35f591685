"""What changed on a list as a page for people and a feed for programs (Atom, RFC 4287).

Both stand alone: nothing is fetched, nothing of an entry is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.methods.watchlists.delta import CHANGES, Delta, compare_fields
from marfa.methods.watchlists.entries import Entry

RIGHT_TO_LEFT = ("ar",)
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #888;padding:.3rem;"
    "text-align:start;vertical-align:top;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"
)


def page_of(delta: Delta, titles: tuple[str, str], language: str) -> str:
    """The changes as a page. titles: what the older and the newer version are called."""

    def say(key: str, **params: object) -> str:
        return escape(render_message(Message(f"methods.watchlists:{key}", params), language))

    title = say("page-title", old=titles[0], new=titles[1])
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    body = [f"<h1>{title}</h1>", f"<p>{say('notice')}</p>"]
    for kind in CHANGES:
        count = Message(f"methods.watchlists:count-{kind}", count=delta.counts[kind])
        body.append(f"<h2>{escape(render_message(count, language))}</h2>")
        body += _table(delta, kind, say("page-entry"), say("page-name"), say("page-changed"))
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def _table(delta: Delta, kind: str, *heads: str) -> Iterator[str]:
    rows = list(_rows(delta, kind))
    if not rows:
        return
    yield "<table><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr>"
    for entry, changes in rows:
        said = "<br>".join(f"<bdi>{escape(each)}</bdi>" for each in changes)
        name = f"<td><bdi>{escape(entry.name)}</bdi></td>"
        yield f"<tr><td><bdi>{escape(entry.reference)}</bdi></td>{name}<td>{said}</td></tr>"
    yield "</table>"


def _rows(delta: Delta, kind: str) -> Iterable[tuple[Entry, list[str]]]:
    if kind == "added":
        return [(entry, []) for entry in delta.added]
    if kind == "removed":
        return [(entry, []) for entry in delta.removed]
    pairs = delta.renumbered if kind == "renumbered" else delta.amended
    return [(after, _changes(before, after)) for before, after in pairs]


def _changes(before: Entry, after: Entry) -> list[str]:
    found = []
    if before.source_id != after.source_id:
        found.append(f"{before.source_id} → {after.source_id}")
    for each in compare_fields(before, after):
        found.append(f"{each.field}: {each.before or '–'} → {each.after or '–'}")
    return found


def feed_of(delta: Delta, titles: tuple[str, str], language: str, now: datetime) -> str:
    """The changes as a feed: an entry each, whose key is the kind of change with the hash of what
    is listed now, so that a reader that saw it knows it."""
    at = now.isoformat(timespec="seconds")
    params = {"old": titles[0], "new": titles[1]}
    title = render_message(Message("methods.watchlists:page-title", params), language)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<title>{escape_xml(title)}</title>",
        f"<id>urn:marfa:watchlists:{escape_xml('-'.join(_plain(each) for each in titles))}</id>",
        f"<updated>{at}</updated>",
        "<author><name>Marfa</name></author>",
    ]
    for kind in CHANGES:
        for entry, changes in _rows(delta, kind):
            lines += _feed_entry(kind, entry, changes, language, at)
    return "\n".join([*lines, "</feed>", ""])


def _feed_entry(
    kind: str, entry: Entry, changes: list[str], language: str, at: str
) -> Iterator[str]:
    word = render_message(Message(f"methods.watchlists:change-{kind}"), language)
    title = f"{word}: {entry.reference} {entry.name}"
    yield "<entry>"
    yield f"<title>{escape_xml(title)}</title>"
    yield f"<id>urn:marfa:watchlists:{kind}:{_plain(entry.reference)}:{entry.digest}</id>"
    yield f"<updated>{at}</updated>"
    yield f'<content type="text">{escape_xml(chr(10).join(changes) or title)}</content>'
    yield "</entry>"


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in text)

"""From an instrument file to an Instrument, or to a list of everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from marfa.domain.codelists import codelist
from marfa.domain.message import Message
from marfa.domain.prohibited_grounds import names_refused_attribute
from marfa.methods.screening.delphi import DIMENSIONS, Signal
from marfa.methods.screening.explain import NOTES
from marfa.methods.screening.instrument import (
    PUBLISHED,
    About,
    Checked,
    Form,
    Instrument,
    Item,
    Population,
    ScoringRule,
    Sensitive,
    Setting,
    Source,
    Strength,
)
from marfa.methods.screening.prohibitions import ATTRIBUTES
from marfa.methods.screening.toml_reader import Document, TomlTable

SCHEMA = 1
NAME = re.compile(r"^[a-z][a-z0-9-]{1,63}$")
_KEYS = (
    *("schema", "name", "version", "rule", "population", "setting", "counterpart", "texts"),
    *("validated", "incomplete", "notes", "sources", "items"),
)
_SOURCE_KEYS = ("id", "citation", "licence", "checked", "note")
_ITEM_KEYS = (
    *("id", "reference", "dimension", "strength", "form", "about", "attribute", "source"),
    *("signals", "sensitive", "ilo", "asks", "asks_for"),
)
_SIGNALS = {
    "act": Signal.ACT,
    "intent": Signal.INTENT,
    "now": Signal.NOW,
    "consent": Signal.CONSENT,
}
RESERVED = frozenset({"person", "age"})


def read_instrument(text: str, file: str, *, own: bool = False) -> Instrument:
    """An instrument from the text of its file.

    file: the name shown in problems. own: of an organisation, and not built in: nothing in it may
    be an immediate signal. Raises InputError with every problem and its line.
    """
    instrument, document = examine_instrument(text, file, own=own)
    document.finish()
    return instrument


def examine_instrument(text: str, file: str, *, own: bool) -> tuple[Instrument, Document]:
    """An instrument as far as its file can be read, and the document that knows what is wrong."""
    document = Document(text, file)
    root = document.root()
    root.only(_KEYS)
    if root.data.get("schema") != SCHEMA:
        root.wrong("schema", Message("methods.screening:wrong-schema", {"version": SCHEMA}))
    sources = _sources(document)
    setting = root.choice("setting", Setting)
    items = _items(document, sources, setting)
    if own:
        _check_signals(document)
    rule = root.choice("rule", ScoringRule)
    name = _name(root, "name")
    instrument = Instrument(
        name=name,
        version=root.text("version"),
        rule=ScoringRule.CHECKLIST,
        population=root.choice("population", Population),
        setting=setting,
        texts=tuple(str(value) for value in root.list("texts")) or (name,),
        sources=sources,
        items=items,
        counterpart=root.text("counterpart", ""),
        validated=root.flag("validated"),
        incomplete=root.flag("incomplete"),
        notes=_notes(root),
        own=own,
    )
    _check_band(root, rule, instrument)
    if document.problems:
        return instrument, document
    return replace(instrument, rule=rule), document


def _check_signals(document: Document) -> None:
    """A list of one's own raises no alarm by itself: a yes to it is a reason, never *act now*."""
    for table in document.tables("items"):
        if "now" in table.list("signals"):
            params = {"item": str(table.data.get("id", ""))}
            table.wrong("signals", Message("methods.screening:own-acts-now", params))


def _check_band(root: TomlTable, rule: ScoringRule, instrument: Instrument) -> None:
    """Only the published Delphi labour lists may give a band; nothing says it was validated."""
    published = PUBLISHED.get(instrument.published_digest) is instrument.population
    if rule is ScoringRule.DELPHI_LABOUR and not published:
        root.wrong("rule", Message("methods.screening:band-not-published"))
    if rule is ScoringRule.DELPHI_LABOUR and not instrument.counterpart:
        params = {"name": instrument.name}
        root.wrong("counterpart", Message("methods.screening:counterpart-wrong", params))
    if instrument.validated:
        root.wrong("validated", Message("methods.screening:none-validated"))
    if rule is ScoringRule.CHECKLIST:
        for item in instrument.items:
            if item.strength is not Strength.UNRATED and not instrument.incomplete:
                root.wrong("items", Message("methods.screening:checklist-rated", {"item": item.id}))


def _notes(root: TomlTable) -> tuple[str, ...]:
    notes = tuple(str(value) for value in root.list("notes"))
    for code in notes:
        if code not in NOTES:
            params = {"key": "notes", "value": code, "known": ", ".join(sorted(NOTES))}
            root.wrong("notes", Message("methods.screening:not-in-list", params))
    return notes


def _name(table: TomlTable, key: str) -> str:
    value = table.text(key)
    if value and not NAME.match(value):
        table.wrong(key, Message("methods.screening:bad-name", {"value": value}))
    return value


def _sources(document: Document) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for table in document.tables("sources"):
        table.only(_SOURCE_KEYS)
        source = Source(
            id=_name(table, "id"),
            citation=table.text("citation"),
            licence=table.text("licence"),
            checked=table.choice("checked", Checked),
            note=table.text("note", ""),
        )
        sources[source.id] = source
    if not sources:
        document.wrong(Message("methods.screening:no-sources"), document.lines.key("sources"))
    return sources


def _items(document: Document, sources: dict[str, Source], setting: Setting) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    taken: set[str] = set()
    for table in document.tables("items"):
        item = _item(table)
        for one in item.answered_by:
            if one in taken:
                table.wrong("id", Message("methods.screening:item-twice", {"item": one}))
            if one in RESERVED:
                table.wrong("id", Message("methods.screening:bad-name", {"value": one}))
            taken.add(one)
        if item.source and item.source not in sources:
            params = {"source": item.source}
            table.wrong("source", Message("methods.screening:source-unknown", params))
        if setting is Setting.RECEPTION and item.sensitive:
            subject = ", ".join(sorted(item.sensitive))
            params = {"item": item.id, "subject": subject}
            table.wrong("sensitive", Message("methods.screening:not-at-reception", params))
        items[item.id] = item
    if not items:
        document.wrong(Message("methods.screening:no-items"), document.lines.key("items"))
    return tuple(items.values())


def _item(table: TomlTable) -> Item:
    table.only(_ITEM_KEYS)
    about = table.choice("about", About)
    item = Item(
        id=_name(table, "id"),
        dimension=table.text("dimension"),
        about=about,
        source=table.text("source"),
        reference=table.text("reference", ""),
        strength=table.choice("strength", Strength, Strength.UNRATED),
        form=table.choice("form", Form, Form.STATEMENT),
        attribute=_attribute(table, about),
        signals=_signals(table),
        sensitive=table.choices("sensitive", Sensitive),
        forced_labour=tuple(value for value in table.list("ilo") if isinstance(value, int)),
        asks=tuple(str(value) for value in table.list("asks")),
        asks_for=_asks_for(table),
    )
    _check_asks(table, item)
    if item.strength is not Strength.UNRATED and not item.reference:
        table.wrong("reference", Message("methods.screening:strength-without-reference"))
    if item.dimension in DIMENSIONS and item.attribute:
        table.wrong("attribute", Message("methods.screening:attribute-rated"))
    return item


def _asks_for(table: TomlTable) -> str:
    """What it asks for, from the closed list of what may be asked."""
    value = table.data.get("asks_for")
    if value in asked_facts():
        return str(value)
    params = {"item": str(table.data.get("id", "")), "known": ", ".join(asked_facts())}
    table.wrong("asks_for", Message("methods.screening:asks-for-unknown", params))
    return ""


@cache
def asked_facts() -> tuple[str, ...]:
    """Codes of what a question may ask for."""
    return codelist("asked_facts").codes


def _check_asks(table: TomlTable, item: Item) -> None:
    """What is asked instead has names of its own, at least two of them."""
    if len(item.asks) == 1:
        table.wrong("asks", Message("methods.screening:asks-one", {"item": item.id}))
    for one in item.asks:
        if not NAME.match(one) or names_refused_attribute(one):
            table.wrong("asks", Message("methods.screening:bad-name", {"value": one}))


def _attribute(table: TomlTable, about: About) -> str:
    """An item about the person names the attribute, from a closed list."""
    attribute = table.text("attribute", "")
    about_person = about is About.PERSON
    if attribute and names_refused_attribute(attribute):
        table.wrong("attribute", Message("methods.screening:profiling", {"value": attribute}))
    elif about_person and attribute not in ATTRIBUTES:
        known = ", ".join(sorted(ATTRIBUTES))
        params = {"value": attribute, "known": known}
        table.wrong("attribute", Message("methods.screening:attribute-unknown", params))
    identity = str(table.data.get("id", ""))
    if about is not About.CONDUCT and names_refused_attribute(identity):
        table.wrong("id", Message("methods.screening:profiling", {"value": identity}))
    return attribute


def _signals(table: TomlTable) -> Signal:
    signals = Signal.NONE
    for value in table.list("signals"):
        if value in _SIGNALS:
            signals |= _SIGNALS[value]
        else:
            params = {"key": "signals", "value": str(value), "known": ", ".join(_SIGNALS)}
            table.wrong("signals", Message("methods.screening:not-in-list", params))
    if table.data.get("strength") == Strength.STRONG:
        signals |= Signal.STRONG
    return signals

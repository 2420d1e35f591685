"""What the words of an instrument may not do, in any language, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from marfa.domain.message import Message, Place, Problem
from marfa.domain.prohibited_grounds import COOPERATION, asks_origin, subjects_of
from marfa.domain.prohibited_grounds.named_groups import (
    Ground,
    grounds_of,
    in_its_script,
    language_of,
)
from marfa.methods.screening.instrument import About, Form, Instrument, Item, Setting
from marfa.methods.screening.prohibitions import names_reception_taboo
from marfa.methods.screening.text_packs import Pack, Text


def problems_of_pack(
    pack: Pack, instrument: Instrument, gendered: bool = False
) -> Iterator[Problem]:
    """Every problem of a pack's texts as the words of this instrument.

    gendered: whether the language is known to need two forms, whatever the pack says.
    """
    gendered = gendered or pack.gendered
    own = pack.own or instrument.own
    for key, item in _keys_of(instrument):
        if key in pack.texts:
            text = pack.texts[key]
            found = [*_problems_of_text(gendered, text, item, instrument)]
            if own:
                found += _problems_of_own_text(text, key, pack.language, instrument.setting)
            for message in _once(found):
                yield Problem(message, Place(pack.file, row=pack.lines.get(key)))
    if own:
        for name in instrument.dimensions:
            key = f"dimension.{name}"
            text = pack.texts.get(key, Text())
            for message in _problems_of_own_text(text, key, pack.language, instrument.setting):
                yield Problem(message, Place(pack.file, row=pack.lines.get(key)))


def problems_of_text(pack: Pack, key: str, text: Text, setting: Setting) -> Iterator[Message]:
    """What one text of one's own may not ask, in a set that is asked in a setting; and that its
    language cannot be checked."""
    yield from _once(_problems_of_own_text(text, key, pack.language, setting))
    if not language_of(pack.language):
        yield not_checked(pack).message


def _once(messages: Iterable[Message]) -> Iterator[Message]:
    """Each kind of problem of a text once, however many of its forms have it."""
    yield from {message.key: message for message in messages}.values()


_SAID = {
    Ground.GROUP: "words-name-group",
    Ground.ASKS: "words-profile",
    Ground.NEVER: "words-never-asked",
    Ground.FIRST: "words-not-at-first-contact",
}


def _problems_of_own_text(
    text: Text, key: str, language: str, setting: Setting
) -> Iterator[Message]:
    """What the words of one's own may not do, whatever the item says that it is about: nobody
    reads them before they come here, and a yes to them may be a reason for an alert."""
    params = {"item": key}
    for form in text.every_form():
        found = grounds_of(form, language)
        if asks_origin(form):
            found |= {Ground.ASKS}
        if subjects_of(form) & COOPERATION:
            found |= {Ground.NEVER}
        if setting is not Setting.RECEPTION:
            found -= {Ground.FIRST}
        for ground in Ground:
            if ground in found:
                yield Message(f"methods.screening:{_SAID[ground]}", params)
        if language_of(language) and not in_its_script(form, language):
            yield Message("methods.screening:words-other-script", params)


def not_checked(pack: Pack) -> Problem:
    """That the words of a language were not checked, and so are not offered."""
    said = Message("methods.screening:language-not-checked", {"language": pack.language})
    return Problem(said, Place(pack.file))


def _keys_of(instrument: Instrument) -> Iterator[tuple[str, Item]]:
    """What needs words, with the item to which it belongs."""
    return ((key, item) for item in instrument.items for key in item.answered_by)


def _problems_of_text(
    gendered: bool, text: Text, item: Item, instrument: Instrument
) -> Iterator[Message]:
    params = {"item": item.id}
    if gendered and item.form is Form.QUESTION and not text.has_forms:
        yield Message("methods.screening:forms-missing", params)
    for form in text.every_form():
        if item.about is not About.CONDUCT and asks_origin(form):
            yield Message("methods.screening:words-profile", params)
        if instrument.setting is Setting.RECEPTION and names_reception_taboo(form):
            yield Message("methods.screening:words-not-at-reception", params)


def problems_of_words(instrument: Instrument, packs: Iterable[Pack]) -> Iterator[Problem]:
    """Every problem of an instrument's texts in all languages, and every missing English one."""
    packs = tuple(packs)
    gendered = {pack.language for pack in packs if pack.gendered}
    for pack in packs:
        yield from problems_of_pack(pack, instrument, pack.language in gendered)
    english = {key for pack in packs if pack.language == "en" for key in pack.texts}
    for key, _item in _keys_of(instrument):
        if key not in english:
            message = Message("methods.screening:item-without-text", {"item": key})
            yield Problem(message, Place(f"{instrument.name}.toml"))


def problems_of_keys(pack: Pack, instruments: Iterable[Instrument]) -> Iterator[Problem]:
    """Texts of a pack that no instrument asks for: most often a misspelt name."""
    users = [instrument for instrument in instruments if pack.set in instrument.texts]
    if not users:
        message = Message("methods.screening:set-unknown", {"name": pack.set})
        yield Problem(message, Place(pack.file))
        return
    known = {"title"}
    for instrument in users:
        known |= instrument.item_ids
        known |= {f"dimension.{name}" for name in instrument.dimensions}
        known |= {f"source.{name}" for name in instrument.sources}
    for key in sorted(pack.texts.keys() - known):
        message = Message("methods.screening:text-unknown", {"key": key})
        yield Problem(message, Place(pack.file, row=pack.lines.get(key)))

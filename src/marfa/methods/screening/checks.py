"""What the words of an instrument may not do, in any language, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from marfa.domain.message import Message, Place, Problem
from marfa.domain.prohibited_grounds import asks_origin
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
    for key, item in _keys_of(instrument):
        if key in pack.texts:
            for message in _problems_of_text(gendered, pack.texts[key], item, instrument):
                yield Problem(message, Place(pack.file, row=pack.lines.get(key)))


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

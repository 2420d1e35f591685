"""The words of a sheet: from the text pack, for who is addressed, with the site's number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from marfa.apps.directory.offers import nearest_first, offered_services
from marfa.apps.leaflets.packs import Leaflet, load_leaflets
from marfa.apps.materials.models import PrintBatch
from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.queries import card_of
from marfa.domain.addressee import Addressee
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.domain.telling_words import find_telling_words

SET = "materials"
CARD = ("help-free", "needs", "you-decide")
POSTER = ("everyone", "help-free", "needs", "you-decide", "children")
LEAFLET = ("everyone", "help-free", "you-decide", "alone", "needs", "children", "papers")
OPEN = ("open-work", "open-trip", "open-body", "open-fight", "open-crime")
"""Only where it is no danger that others read them."""
SERVICES = 2
"""So many find room on one page beside the words."""
LINES = {
    PrintBatch.Material.CARD: CARD,
    PrintBatch.Material.POSTER: POSTER,
    PrintBatch.Material.LEAFLET: LEAFLET,
}


@dataclass(frozen=True)
class Number:
    """A number that somebody may call. name: of whom it reaches; opening: when they answer."""

    name: str
    phone: str
    opening: str = ""

    @property
    def dialled(self) -> str:
        """As a telephone takes it."""
        plain = latin_digits(without_marks(self.phone))
        return "".join(each for each in plain if each in "+0123456789")


@dataclass(frozen=True)
class Line:
    """One thing that a sheet says. key: also the name of its picture."""

    key: str
    text: str


@dataclass(frozen=True)
class Wording:
    """The words of all sheets in one language, for who is addressed."""

    leaflet: Leaflet
    addressee: Addressee

    def say(self, key: str, **values: str) -> str:
        """One text. Raises InputError where the pack of this language lacks it."""
        text = self.leaflet.texts.get(key)
        if text is None:
            raise InputError.at(
                Message("apps.materials:text-missing", {"key": key, "language": self.leaflet.name}),
                file=self.leaflet.pack.file,
            )
        found = text.words(self.addressee)
        for name, value in values.items():
            found = found.replace("{" + name + "}", value)
        return found

    def lines(self, material: str, *, is_open: bool) -> list[Line]:
        """What a sheet says, in its order; an open one says more, where there is room."""
        keys = list(LINES[PrintBatch.Material(material)])
        if is_open and material != PrintBatch.Material.CARD:
            keys += OPEN
        return [Line(key, self.say(key)) for key in keys]


def wordings() -> dict[str, Leaflet]:
    """The packs of sheets by language, those of the installation among them."""
    return load_leaflets(SET)


def wording_for(language: str, addressee: str) -> Wording:
    """The words of one language. Raises InputError for a language without a pack, and where real
    people are served for one with drafts."""
    found = wordings().get(language)
    if found is None:
        raise InputError.at(Message("apps.materials:no-language"), field="language")
    who = Addressee(addressee)
    # It refuses drafts where real people are served.
    found.lines(who, live=not settings.DEMONSTRATION)
    return Wording(found, who)


def offered_languages() -> Iterator[tuple[str, str]]:
    """Codes and own names of the languages in which sheets can be printed now."""
    for code, found in wordings().items():
        if settings.DEMONSTRATION or not found.drafts:
            yield code, found.name


def numbers_of(site: Site, material: str = PrintBatch.Material.LEAFLET) -> list[Number]:
    """The numbers that stand on a sheet of this site: its own, then those of the nearest services
    that are offered and may stand there, but on a card its own alone. Raises InputError where there
    is none."""
    card = card_of(site)
    if not card.phone:
        raise InputError.at(Message("apps.materials:no-number", {"site": site.name}))
    own = Number(site.name, card.phone, card.opening)
    if material == PrintBatch.Material.CARD:
        return [own]
    place = (
        None if card.latitude is None or card.longitude is None else (card.latitude, card.longitude)
    )
    found = nearest_first(offered_services().filter(on_sheets=True), near=place, most=SERVICES)
    services = [each.service for each in found]
    return [own, *(Number(each.name, each.phone, each.opening) for each in services)]


def digest_numbers(numbers: list[Number]) -> str:
    """Tells whether a sheet that was printed still has the right numbers."""
    told = "\0".join("\0".join((each.name, each.dialled, each.opening)) for each in numbers)
    return hashlib.sha256(told.encode()).hexdigest()


def check_discreet(wording: Wording, batch: PrintBatch, numbers: list[Number]) -> None:
    """A discreet sheet says nothing telling, whoever wrote its words or named its site. Raises
    InputError that names the words."""
    lines = wording.lines(batch.material, is_open=False)
    said = [wording.say("title"), *(line.text for line in lines)]
    said += [text for each in numbers for text in (each.name, each.opening)]
    found = [word for text in said for word in find_telling_words(text)]
    if found:
        words = ", ".join(dict.fromkeys(found))
        raise InputError.at(Message("apps.materials:telling", {"words": words}), field="tone")

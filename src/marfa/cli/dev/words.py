"""The words of a new app: what its name becomes in code, in English and in Arabic."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from marfa.domain.codelists import codelist
from marfa.domain.desks import DESK_OF_ROLE, Desk, declared_words, words_of_desks
from marfa.domain.message import InputError, Message

ARABIC = "القيود"
"""Stands for the noun where nobody gives it: records."""

FORM = re.compile(r"[a-z]+(_[a-z]+)*")
LONGEST = 24
GENERIC = {
    "It is stored encrypted.": "يُحفظ مشفّرًا.",
    "Saved.": "حُفظ.",
    "State": "الوضع",
    "What is known": "ما هو معروف",
    "closed": "مُغلق",
    "code": "الرمز",
    "open": "مفتوح",
    "state": "الحالة",
    "recorded on": "سُجّل",
}
"""Texts of a new app that do not name its subject, as they are said where no other app has them."""


@dataclass(frozen=True)
class Subject:
    """What a new app is about. arabic: the noun, in the plural and with its article."""

    name: str
    desk: Desk
    arabic: str = ARABIC

    @property
    def model(self) -> str:
        """Its name in the singular, as functions have it."""
        head, _, last = self.name.rpartition("_")
        return f"{head}_{_singular(last)}" if head else _singular(last)

    @property
    def kind(self) -> str:
        """The class of its rows, and what the charter calls them."""
        return "".join(part.capitalize() for part in self.model.split("_"))

    @property
    def many(self) -> str:
        """In English, in the plural."""
        return self.name.replace("_", " ")

    @property
    def one(self) -> str:
        return self.model.replace("_", " ")

    @property
    def purpose(self) -> str:
        """What the desk works for: the purpose that fewest other desks have."""
        shared = {
            purpose: sum(purpose in words_of_desks("purposes", [desk]) for desk in Desk)
            for purpose in words_of_desks("purposes", [self.desk])
        }
        return min(shared, key=lambda purpose: shared[purpose])

    @property
    def roles(self) -> tuple[str, ...]:
        """Who works at the desk."""
        return tuple(r for r in declared_words("roles") if DESK_OF_ROLE[r] == self.desk)

    @property
    def who(self) -> str:
        """What its policy says."""
        desk = codelist("desks").entry(self.desk).labels["en"].lower()
        return (
            f"Whoever works at the desk for {desk} writes down and reads {self.many} of their "
            "organisation."
        )

    def arabic_words(self, there: Mapping[str, str]) -> dict[str, str]:
        """By English text, the Arabic of all that its pages and its policy say.

        there: what other apps say; one text has one translation.
        """
        desk = codelist("desks").entry(self.desk).labels["ar"]
        own = {
            _first_large(self.many): self.arabic,
            self.many: self.arabic,
            self.one: self.arabic if self.one == self.many else f"قيد من: {self.arabic}",
            f"Add to: {self.many}": f"إضافة إلى: {self.arabic}",
            f"Who works with {self.many}": f"من يعمل على: {self.arabic}",
            self.who: f"يدوّن العاملون في مكتب {desk} ما يخص منظمتهم من: {self.arabic}، ويقرؤونه.",
        }
        return {text: there.get(text, words) for text, words in {**GENERIC, **own}.items()}

    def needs_review(self, text: str) -> bool:
        """Whether a text names the subject, so that somebody has to read its Arabic."""
        return text not in GENERIC

    def values(self) -> dict[str, str]:
        """What stands in the templates of the files."""
        policy = self.name.replace("_", "-")
        held = [f"  principal.{r}.of.contains(resource.organisation)" for r in self.roles]
        usual = f'\n[usual_purposes]\n{self.name} = "{self.purpose}"\n'
        return {
            "name": self.name,
            "model": self.model,
            "Model": self.kind,
            "table": self.kind.lower(),
            "path": policy,
            "policy": policy,
            "one": self.one,
            "many": self.many,
            "Many": _first_large(self.many),
            "desk": self.desk.value,
            "desk_words": self.desk.value,
            "DESK": self.desk.name,
            "OTHER": "FINANCE" if self.desk is Desk.RECEPTION else "RECEPTION",
            "purpose": self.purpose,
            "PURPOSE": self.purpose.upper(),
            "who": self.who,
            "roles_quoted": ", ".join(f'"{role}"' for role in self.roles),
            "held": " ||\n".join(held),
            "permitted": "\n".join(f'permitted.{r} = "role.{policy}"' for r in self.roles),
            "usual": "" if self.purpose == "assistance" else usual,
        }


def check_name(name: str, taken: frozenset[str]) -> None:
    """Whether an app may be called so. Raises InputError."""
    if not FORM.fullmatch(name) or len(name) > LONGEST:
        raise InputError.at(Message("cli.dev:name-form", {"name": name, "most": LONGEST}))
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise InputError.at(Message("cli.dev:name-keyword", {"name": name}))
    if name in sys.stdlib_module_names:
        raise InputError.at(Message("cli.dev:name-standard", {"name": name}))
    if name in taken:
        raise InputError.at(Message("cli.dev:name-taken", {"name": name}))


def check_desk(desk: str) -> Desk:
    """The desk of this name. Raises InputError for one that there is not, and for administration,
    whose roles may read nothing that is told of anybody."""
    if desk not in set(Desk):
        known = ", ".join(Desk)
        raise InputError.at(Message("domain:desk-unknown", {"desk": desk, "desks": known}))
    if desk == Desk.ADMINISTRATION:
        raise InputError.at(Message("cli.dev:desk-reads-nothing", {"desk": desk}))
    return Desk(desk)


def check_noun(arabic: str) -> str:
    """The noun that somebody gave in Arabic. Raises InputError for what is no word of it."""
    noun = arabic.strip()
    letters = [each for each in noun if not each.isspace()]
    if not letters or not all(unicodedata.bidirectional(each) in ("AL", "NSM") for each in letters):
        raise InputError.at(Message("cli.dev:noun-not-arabic"))
    return " ".join(noun.split())


def known_translations(source: Path, language: str) -> dict[str, str]:
    """What all pages say in a language, by the English text."""
    found: dict[str, str] = {}
    for file in sorted(source.glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
        for entry in catalogue:
            if entry.id and isinstance(entry.id, str) and not entry.context:
                found[entry.id] = str(entry.string)
    return found


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(s|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^su]s$", word) else word


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]

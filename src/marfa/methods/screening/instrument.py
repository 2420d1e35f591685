"""What an instrument is: items, dimensions, strengths, sources, and how it may be used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from marfa.methods.screening.delphi import Signal


class ScoringRule(StrEnum):
    """How answers become a result. A checklist gives reasons and no band."""

    DELPHI_LABOUR = "delphi-labour"
    CHECKLIST = "checklist"


class Population(StrEnum):
    ADULT = "adult"
    CHILD = "child"
    ANY = "any"


class Setting(StrEnum):
    """Where the items are put. At reception some subjects are never asked about."""

    RECEPTION = "reception"
    ASSESSMENT = "assessment"


class Strength(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    UNRATED = "unrated"


class About(StrEnum):
    """Whose the fact is: what others did, the situation, or an attribute of the person."""

    CONDUCT = "conduct"
    SITUATION = "situation"
    PERSON = "person"


class Form(StrEnum):
    """A question put to the person, or a statement that the officer judges."""

    QUESTION = "question"
    STATEMENT = "statement"


class Checked(StrEnum):
    """How far a source was verified."""

    PRIMARY = "primary"
    TEXT = "text-checked"
    SECONDARY = "secondary"
    SECONDARY_PARTIAL = "secondary-partial"
    DOMAINS = "domains-checked"
    NOT_CHECKED = "not-text-checked"
    SYNTHESIS = "our-synthesis"


class Sensitive(StrEnum):
    """Subjects that no reception item may ask about."""

    SEX = "sex"
    OFFENCE = "offence"
    ARMED_ROLE = "armed-role"


@dataclass(frozen=True, slots=True)
class Source:
    """Where items come from, under which licence, and how far that was verified."""

    id: str
    citation: str
    licence: str
    checked: Checked
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to find out. A yes adds a reason; no answer takes one away.

    asks: where a published indicator joins several facts, the ids of what is asked instead, one
        fact each. A yes to any of them is a yes to the indicator; see ``answer_of``.
    asks_for: a code of the list ``asked_facts``.
    """

    id: str
    dimension: str
    about: About
    source: str
    reference: str = ""
    strength: Strength = Strength.UNRATED
    form: Form = Form.STATEMENT
    attribute: str = ""
    signals: Signal = Signal.NONE
    sensitive: frozenset[Sensitive] = frozenset()
    forced_labour: tuple[int, ...] = ()
    asks: tuple[str, ...] = ()
    asks_for: str = ""

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of what is put or looked for: one fact each."""
        return self.asks or (self.id,)

    @property
    def answered_by(self) -> tuple[str, ...]:
        """The ids under which an answer to it may stand: also that of the indicator as a whole, as
        tables have it."""
        return (self.id, *self.asks)


@dataclass(frozen=True)
class Instrument:
    """A set of items with the rule that reads them.

    own: of an organisation, and not built in. words: digest of its words in all languages, where a
    library read it. signed: two people signed for these questions and these words.
    Raises ValueError for a band rule over anything but the two Delphi labour profiles.
    """

    name: str
    version: str
    rule: ScoringRule
    population: Population
    setting: Setting
    texts: tuple[str, ...]
    sources: Mapping[str, Source]
    items: tuple[Item, ...]
    counterpart: str = ""
    validated: bool = False
    incomplete: bool = False
    notes: tuple[str, ...] = field(default=())
    own: bool = False
    words: str = ""
    signed: bool = False

    def __post_init__(self) -> None:
        if self.gives_band and PUBLISHED.get(self.published_digest) is not self.population:
            raise ValueError(f"{self.name} is not a published Delphi labour list")

    @property
    def gives_band(self) -> bool:
        return self.rule is ScoringRule.DELPHI_LABOUR

    @property
    def may_be_used(self) -> bool:
        """Whether it is built in, or two people signed for it as it is."""
        return not self.own or self.signed

    @property
    def pilot_only(self) -> bool:
        """Off in live use until the organisation signs for it."""
        return not self.gives_band or self.incomplete

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions in the order in which the items name them."""
        return tuple(dict.fromkeys(item.dimension for item in self.items))

    @cached_property
    def by_dimension(self) -> tuple[tuple[str, tuple[tuple[int, Item], ...]], ...]:
        """Each dimension with its items and their places in the instrument."""
        return tuple(
            (name, tuple((n, item) for n, item in enumerate(self.items) if item.dimension == name))
            for name in self.dimensions
        )

    @cached_property
    def item_ids(self) -> frozenset[str]:
        """The ids under which answers may stand."""
        return frozenset(one for item in self.items for one in item.answered_by)

    @cached_property
    def questions(self) -> Mapping[str, Item]:
        """What is put or looked for, in order, with the item to which it belongs."""
        return {one: item for item in self.items for one in item.questions}

    @cached_property
    def item_json(self) -> Mapping[str, dict[str, str]]:
        """What is told of an item wherever it is a reason: strength and source with it."""
        return {
            item.id: {
                "item": item.id,
                "reference": item.reference,
                "strength": str(item.strength),
                "source": item.source,
            }
            for item in self.items
        }

    @cached_property
    def published_digest(self) -> str:
        """Digest of all that a band rests on: every item, its strength and its signals."""
        lines = sorted(
            f"{item.id} {item.reference} {item.dimension} {item.strength} {int(item.signals)}"
            for item in self.items
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def digest(self) -> str:
        """Digest of the questions and of their words; an authorisation is bound to it."""
        if not self.words:
            return self.questions_digest
        return hashlib.sha256(f"{self.questions_digest} {self.words}".encode()).hexdigest()

    @cached_property
    def questions_digest(self) -> str:
        """Digest of everything that can change a result, whatever the words."""
        content = [self.name, self.version, self.rule, self.population, self.setting]
        rows = [
            [
                item.id,
                item.reference,
                item.dimension,
                item.strength,
                item.about,
                item.form,
                item.attribute,
                int(item.signals),
                sorted(item.sensitive),
                item.source,
                *([list(item.asks)] if item.asks else []),
            ]
            for item in self.items
        ]
        data = json.dumps([content, rows], ensure_ascii=False)
        return hashlib.sha256(data.encode()).hexdigest()


PUBLISHED: dict[str, Population] = {
    "07edefd8e2e22bbfa7886dfc9d0daa47c9251ed325d68093df5c39cddf3086c5": Population.ADULT,
    "f8775bda990173477a92170385d437cafe51677ed2fd1d8d5af6a9b28eaf80ee": Population.CHILD,
}
"""Digests of the two Delphi labour profiles as they are shipped: only they give a band."""

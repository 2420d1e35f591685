"""The form of a household: its rows as typed, and as people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.registry.actions import NewMember, NewName, NewPaper, NewPerson
from marfa.apps.registry.actions.registration import MOST
from marfa.apps.registry.birth_field import in_words, read_birth
from marfa.apps.registry.form_fields import QUESTIONS
from marfa.apps.registry.labels import language_options
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.codelists import codelist
from marfa.domain.countries import country_named
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message

AT_THE_GATE = ("name", "sex", "born", "relation")
NEEDS = tuple(QUESTIONS)
SENSITIVE = ("citizenship", *NEEDS)
"""What is asked only by who may write it down."""
FIELDS = (*AT_THE_GATE, "language", "paper", "number", *SENSITIVE)
AT_FIRST, MORE = 4, 4
LONGEST = {"name": 200, "born": 80, "number": 200, "citizenship": 200}
A_CODE = 40
NEAREST = (
    *("spouse", "child", "parent", "sibling", "grandparent", "grandchild", "aunt_or_uncle"),
    *("niece_or_nephew", "cousin", "in_law", "step_child", "other_relative", "guardian", "ward"),
    *("household_member", "friend", "travel_companion", "other", "unknown"),
)
"""What somebody may say to be to the head of a household at the gate, the usual first. A forced
marriage is not asked about in front of others."""

Choices = list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class MemberRow:
    """One person as typed."""

    name: str = ""
    sex: str = ""
    born: str = ""
    relation: str = ""
    language: str = ""
    paper: str = ""
    number: str = ""
    citizenship: str = ""
    seeing: str = ""
    hearing: str = ""
    walking: str = ""
    remembering: str = ""
    self_care: str = ""
    communicating: str = ""

    @property
    def values(self) -> list[str]:
        """In the order of FIELDS, without what was never filled in at the end."""
        found = [getattr(self, name) for name in FIELDS]
        while len(found) > len(AT_THE_GATE) and not found[-1]:
            found.pop()
        return found

    @property
    def empty(self) -> bool:
        return not any(value.strip() for value in self.values)

    @property
    def more(self) -> bool:
        """Whether anything was said beyond what stands open."""
        return len(self.values) > len(AT_THE_GATE)

    @property
    def needs(self) -> list[tuple[str, str | Promise, str]]:
        """The questions on what the person finds difficult, each with its answer."""
        return [(name, QUESTIONS[name], getattr(self, name)) for name in NEEDS]

    def told(self) -> dict[str, object]:
        """What is stored of the person after they are registered; raises InputError for a country
        that there is not."""
        needs = {name: code for name in NEEDS if (code := getattr(self, name))}
        found: dict[str, object] = {"functioning": needs} if needs else {}
        if self.citizenship.strip():
            country = country_named(self.citizenship, get_language() or SOURCE_LANGUAGE)
            found["citizenships"] = [country.alpha_2]
        return found

    def papers(self) -> tuple[NewPaper, ...]:
        """The paper that was shown, of whichever kind."""
        if not self.paper and not self.number.strip():
            return ()
        return (NewPaper(self.paper or "other", self.number.strip()),)


@dataclass(frozen=True)
class GroupForm:
    """All rows of one household. batch: names this form, so that it is registered once."""

    rows: tuple[MemberRow, ...] = (MemberRow(),) * AT_FIRST
    batch: UUID = field(default_factory=new_id)
    site: str = ""
    errors: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def sent(cls, posted: QueryDict) -> GroupForm:
        """As a browser sent it: as many rows as there are names, and no more than a form takes."""
        count = 0
        while count < MOST and f"name-{count}" in posted:
            count += 1
        rows = tuple(
            MemberRow(
                *(posted.get(f"{name}-{row}", "")[: LONGEST.get(name, A_CODE)] for name in FIELDS)
            )
            for row in range(count)
        )
        return cls(rows, _key(posted.get("batch", "")), posted.get("site", "")[:20])

    @classmethod
    def kept(cls, content: Mapping[str, object]) -> GroupForm:
        """As a draft holds it."""
        rows = content.get("rows")
        found = [MemberRow(*map(str, each)) for each in rows] if isinstance(rows, list) else []
        return cls(tuple(found), _key(str(content.get("batch"))), str(content.get("site") or ""))

    @property
    def content(self) -> dict[str, object]:
        """For a draft."""
        rows = [row.values for row in self.rows]
        return {"rows": rows, "batch": str(self.batch), "site": self.site}

    @property
    def typed(self) -> list[list[str]]:
        """Who was typed: two forms that differ in empty rows alone say the same."""
        return [row.values for row in self.rows if not row.empty]

    @property
    def empty(self) -> bool:
        return all(row.empty for row in self.rows)

    def longer(self) -> GroupForm:
        """With more room."""
        room = min(MORE, MOST - len(self.rows))
        return replace(self, rows=(*self.rows, *(MemberRow() for _ in range(room))))

    def with_room(self) -> GroupForm:
        """Never without an empty row at the end."""
        return self if any(row.empty for row in self.rows) else self.longer()

    def members(self, today: date) -> tuple[list[NewMember], dict[str, str]]:
        """The people of the rows that are not empty, and what is wrong by the name of its input."""
        found: list[NewMember] = []
        wrong: dict[str, str] = {}
        for place, row in enumerate(self.rows):
            if row.empty:
                continue
            try:
                born = read_birth(row.born, today)
            except InputError as error:
                wrong[f"born-{place}"] = f"{member_label(place)}: {in_words(error)}"
                continue
            try:
                more = row.told()
            except InputError as error:
                wrong[f"citizenship-{place}"] = f"{member_label(place)}: {in_words(error)}"
                continue
            names = (NewName(row.name),) if row.name.strip() else ()
            basis = "stated" if born else "unknown"
            spoken = (row.language,) if row.language else ()
            told = NewPerson(names, row.sex or "unknown", born, basis, languages=spoken)
            relation = row.relation if found else ""
            found.append(NewMember(told, relation, row.papers(), more))
        return found, wrong


def member_label(place: int) -> str:
    """Who is meant with a row, in an error: no name of a person stands there."""
    if place == 0:
        return _("Head of the household")
    message = Message("apps.registry:person-number", {"number": place + 1})
    return render_message(message, get_language() or SOURCE_LANGUAGE)


def sex_choices() -> Choices:
    """What may be chosen, the empty answer first, so that nothing is made up."""
    return _chosen_from("sex", ("female", "male", "intersex", "unknown"))


def relation_choices() -> Choices:
    """What somebody may say to be to the head."""
    return _chosen_from("relationship_kinds", NEAREST)


def paper_choices() -> Choices:
    """What kind of paper somebody shows."""
    return _chosen_from("identity_documents", codelist("identity_documents").codes)


def level_choices() -> Choices:
    """The answers to the questions on what a person finds difficult."""
    return _chosen_from("wg_levels", codelist("wg_levels").codes)


def spoken_choices() -> Choices:
    """The language in which to speak to somebody, the usual first."""
    return [("", _("not said")), *language_options()]


def _chosen_from(name: str, codes: Sequence[str]) -> Choices:
    language = get_language() or SOURCE_LANGUAGE
    known = codelist(name)
    return [("", _("not said")), *((code, known.label(code, language)) for code in codes)]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()

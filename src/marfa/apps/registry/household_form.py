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

from marfa.apps.registry.actions import NewMember, NewName, NewPerson
from marfa.apps.registry.actions.registration import MOST
from marfa.apps.registry.birth_field import in_words, read_birth
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message

FIELDS = ("name", "sex", "born", "relation")
AT_FIRST, MORE = 4, 4
LONGEST = {"name": 200, "born": 80, "sex": 40, "relation": 40}
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

    @property
    def empty(self) -> bool:
        return not any((self.name.strip(), self.sex, self.born.strip(), self.relation))


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
            MemberRow(*(posted.get(f"{name}-{row}", "")[: LONGEST[name]] for name in FIELDS))
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
        rows = [[row.name, row.sex, row.born, row.relation] for row in self.rows]
        return {"rows": rows, "batch": str(self.batch), "site": self.site}

    @property
    def typed(self) -> list[list[str]]:
        """Who was typed: two forms that differ in empty rows alone say the same."""
        rows = (row for row in self.rows if not row.empty)
        return [[row.name, row.sex, row.born, row.relation] for row in rows]

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
            names = (NewName(row.name),) if row.name.strip() else ()
            basis = "stated" if born else "unknown"
            told = NewPerson(names, row.sex or "unknown", born, basis)
            found.append(NewMember(told, row.relation if found else ""))
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


def _chosen_from(name: str, codes: Sequence[str]) -> Choices:
    language = get_language() or SOURCE_LANGUAGE
    known = codelist(name)
    return [("", _("not said")), *((code, known.label(code, language)) for code in codes)]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()

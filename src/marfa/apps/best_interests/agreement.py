"""Whose yes counts for a child, and how every step that needs one stores it.

A model takes ``AgreedRow`` beside ``AboutPerson``, its constraints and its guards::

    class Talk(AgreedRow, Versioned, AboutPerson):
        table_guards = TableGuards("marfa.apps.child_talks.guards")   # see guards/agreement.py
        class Meta:
            constraints = [*agreed_constraints("child_talks_talk")]

Its form takes ``AgreementFields``; the view hands ``form.agreement()`` to the action, which calls
``check_agreement`` before it writes and stores ``agreement.columns()``.

Care for life and health waits for no yes: assistance does not ask for one.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.views.plans import DayField
from marfa.apps.best_interests.models import AgencyDecision, CapacityNote, Representative
from marfa.apps.best_interests.models.agreement import (
    AgreedRow,
    Agreement,
    Answer,
    GivenBy,
    agreed_constraints,
)
from marfa.apps.best_interests.queries import WhoMayAgree, who_may_agree
from marfa.apps.registry.models import Person
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.moments import instant_on_day

__all__ = [
    "BASES",
    "AgreedRow",
    "Agreement",
    "AgreementFields",
    "Answer",
    "GivenBy",
    "agreed_constraints",
    "check_agreement",
]

BASES: dict[str, type[models.Model]] = {
    GivenBy.CHILD: CapacityNote,
    GivenBy.GUARDIAN: Representative,
    GivenBy.MANDATE: AgencyDecision,
}
"""What an answer names: the capacity that was recorded, the guardian, the decision of two."""


class _Field(StrEnum):
    WHO = "agreed_who"
    ANSWER = "agreed_answer"
    ON = "agreed_on"


class AgreementFields(forms.Form):
    """The fields of an answer, for the form of a step that needs one: who answered, of those who
    may, and what. ``person`` is set by ``for_person`` before the form is shown or read."""

    agreed_who = forms.ChoiceField(label=_("Who answered for the child?"), widget=forms.RadioSelect)
    agreed_answer = forms.ChoiceField(
        label=_("What was the answer?"), choices=Answer.choices, widget=forms.RadioSelect
    )
    agreed_on = DayField(label=_("On which day?"))

    may: WhoMayAgree

    def for_person(self, person: Person) -> None:
        """Offer those who may answer for this child now. Within an open vault."""
        self.may = who_may_agree(person)
        self.fields[_Field.WHO].choices = self.may.choices()  # type: ignore[attr-defined]
        self.fields[_Field.ON].initial = clock.today(person.time_zone)
        self._person = person

    def agreement(self) -> Agreement:
        """What was sent; after ``is_valid()``."""
        told = self.cleaned_data
        by, _colon, key = str(told[_Field.WHO]).partition(":")
        at = moment_of(self._person, told[_Field.ON])
        return Agreement(by, str(told[_Field.ANSWER]), UUID(key) if key else None, at)


def moment_of(person: Person, day: date) -> datetime:
    """A day at the site as a moment: its noon, or now where it is today."""
    if day == clock.today(person.time_zone):
        return clock.now()
    return instant_on_day(day, time(12), person.time_zone)


def check_agreement(person: Person, agreement: Agreement, *, field: str = _Field.WHO) -> None:
    """Hold that an answer may count. Raises InputError for a yes of an adult whose tie is not
    verified or whom a doubt concerns, of a child without a capacity on record, and of an agency
    without a decision of two; and for what was asked tomorrow."""
    if agreement.at > clock.now():
        raise InputError.at(Message("apps.best_interests:not-yet"), field=_Field.ON)
    if agreement.by not in BASES:
        raise InputError.at(Message("apps.cases:choose-one"), field=field)
    if agreement.is_yes and not who_may_agree(person, at=agreement.at).has(
        agreement.by, agreement.basis
    ):
        raise InputError.at(Message("apps.best_interests:may-not-agree"), field=field)

"""What nobody may overlook who works with a person: whether they are a child, how they can be
spoken to, and whether they are alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marfa.apps.access import actor_in
from marfa.apps.record_page import SummaryFact
from marfa.apps.registry.ages import possible_ages, treated_as_child
from marfa.apps.registry.care import Care, Situation
from marfa.apps.registry.labels import code_label, language_label
from marfa.apps.registry.models import Person
from marfa.apps.registry.nationality import lacks_a_state
from marfa.apps.registry.person_page import care_known_to, known_birth
from marfa.apps.registry.purposes import purpose_for
from marfa.apps.registry.reader import IDENTITY, Reader, facts_shown
from marfa.platform import clock


def summary_facts(request: HttpRequest, person: Person) -> Iterator[SummaryFact]:
    """The facts that this reader may read; within ``open_vault()``."""
    actor, resource = actor_in(request), facts_shown(request, person)
    reader = Reader(actor, purpose_for(actor, IDENTITY, resource), person, resource)
    day = clock.today(person.time_zone)
    yield from _age(reader, day)
    if person.sex != "unknown" and reader.may_read(Person, "sex"):
        yield SummaryFact(_("Sex"), code_label("sex", person.sex))
    if person.languages and reader.may_read(Person, "languages"):
        yield SummaryFact(_("Language"), language_label(str(person.languages[0])))
    if lacks_a_state(person) and reader.may_read(Person, "statelessness"):
        label = code_label("statelessness", person.statelessness)
        yield SummaryFact(_("Nationality"), label, "due")
    if reader.may_read(Person, "child_until"):
        yield from _care(care_known_to(actor, person, day))
    if person.interpreter and reader.may_read(Person, "interpreter"):
        yield SummaryFact(_("Interpreter"), person.interpreter, long=True)


def _age(reader: Reader, day: date) -> Iterator[SummaryFact]:
    person, label = reader.person, _("Age")
    if reader.may_read(Person, "child_until"):
        child, female = treated_as_child(person, day), person.sex == "female"
        if child:
            yield SummaryFact(label, pgettext("girl", "Child") if female else _("Child"), "due")
        elif female:
            yield SummaryFact(label, pgettext("woman", "Adult"))
        else:
            yield SummaryFact(label, pgettext("man, or not known", "Adult"))
    if person.age_disputed and reader.may_read(Person, "age_disputed"):
        yield SummaryFact(label, _("The age is in doubt"), "urgent")
    ages = possible_ages(known_birth(person), day) if reader.may_read(Person, "born") else None
    if ages:
        words = {"lowest": ages[0], "highest": ages[1]}
        yield SummaryFact(label, render_to_string("registry/age.html", words))


def _care(care: Care) -> Iterator[SummaryFact]:
    said = {
        Situation.ACCOMPANIED: _("With a parent or caregiver"),
        Situation.SEPARATED: pgettext("care", "Separated from parents"),
        Situation.UNACCOMPANIED: pgettext("care", "Unaccompanied"),
    }
    if care.situation:
        kind = "urgent" if care.without else ""
        yield SummaryFact(_("Care"), said[care.situation], kind)

"""The pages of households and relationships."""

from __future__ import annotations

from functools import partial
from typing import Any

from babel.lists import format_list
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_view import Context, FormPage, data_of, form_view
from marfa.apps.name_search.models import Way
from marfa.apps.registry.actions import (
    choose_head,
    claim_relationship,
    end_relationship,
    join_household,
    leave_household,
    merge_households,
    settle_relationship,
    split_household,
)
from marfa.apps.registry.forms import JoinForm, RelateForm, SettleForm
from marfa.apps.registry.labels import code_label
from marfa.apps.registry.lookups import note_missed, nothing_there, try_code
from marfa.apps.registry.models import Household, HouseholdMember, Person, Relationship
from marfa.apps.registry.person_page import Other, others_of
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.purposes import purpose_about
from marfa.apps.registry.reader import CHANGE, IDENTITY, Reader, reader_for_change
from marfa.apps.registry.relationship_claims import claimed_by, others_who_settle
from marfa.apps.registry.views.person_rows import form_page, pressed_other, unless_other
from marfa.apps.registry.visibility import about_seen
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codes import parse_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault

MOST_NAMED = 5
"""Colleagues who are named to whoever may not settle a claim."""


@form_view
def relate(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody else says to be something to this person."""
    with reader_for_change(request, reference) as reader:
        form = RelateForm(data_of(request))

        def claim() -> None:
            told = form.cleaned_data
            person = person_by_code(reader.actor, told["code"])
            claim_relationship(
                actor=reader.actor,
                purpose=purpose_about(reader.actor, CHANGE, reader.person, person),
                person=person,
                to=reader.person,
                kind=told["kind"],
                accompanies=told["accompanies"],
            )

        title, send = _("Add a relationship"), _("Record")
        lead = _("It is a claim until someone verifies it.")
        return form_page(request, reader, form, claim, title=title, send=send, lead=lead)


@form_view
def relationship(request: HttpRequest, reference: str) -> HttpResponse:
    """Verify or refute what somebody says to be, or write down that it holds no more."""
    current_user(request)
    row = _relationship(actor_in(request), reference)
    with reader_for_change(request, row.to.reference) as reader:
        form = unless_other(request, SettleForm)

        def shown() -> Context:
            own, others = _of_ones_own(row, reader.actor)
            if others and not form.is_bound:
                form.fields.clear()
            send = "" if others else _("Record")
            return {"send": send, "lead": own, **_of_the_two(reader, row)}

        return form_page(
            request,
            reader,
            form,
            partial(_settle, request, reader, row, form),
            more=shown,
            template="registry/relationship.html",
            title=_("Verify a relationship"),
            other=_("It no longer applies"),
        )


def _settle(request: HttpRequest, reader: Reader, row: Relationship, form: SettleForm) -> None:
    purpose = purpose_about(reader.actor, CHANGE, row.to, row.person)
    if pressed_other(request):
        end_relationship(actor=reader.actor, purpose=purpose, row=row)
        return
    settle_relationship(
        actor=reader.actor,
        purpose=purpose,
        row=row,
        state=Relationship.State(form.cleaned_data["state"]),
        basis=form.cleaned_data["basis"],
    )


def _of_the_two(reader: Reader, row: Relationship) -> dict[str, object]:
    """What a relationship is, and between whom: as far as the reader may see, on the record."""
    person = reader.person
    day = clock.today(person.site.time_zone if person.site else "UTC")
    both = others_of(reader, {row.person_id, row.to_id}, day)
    # Who was protected a moment ago is not among them any more.
    one, to = both.get(row.person_id), both.get(row.to_id)
    if one is not None and one.name:
        resource = PERSON.resource(one.person)
        with reading(actor=reader.actor, code=IDENTITY, purpose=reader.purpose, resource=resource):
            pass
    kind = code_label("relationship_kinds", row.kind)
    return {"about": "", "row": row, "kind": kind, "one": one, "to": to}


def _of_ones_own(row: Relationship, actor: Actor) -> tuple[str, bool]:
    """What is said to whoever wrote the claim down, and whether somebody else settles it."""
    if claimed_by(row) != actor.id:
        return "", False
    others = others_who_settle(row, actor.id)
    if not others:
        return _("You recorded this yourself, and no one else here may verify it."), False
    if row.organisation_id not in actor.organisations:
        return _("You recorded this yourself. Someone else verifies it."), True
    language = get_language() or SOURCE_LANGUAGE
    names = format_list([user.display_name for user in others[:MOST_NAMED]], locale=language)
    said = _("You recorded this yourself. Someone else verifies it, such as: %(names)s")
    return said % {"names": names}, True


def _relationship(actor: Actor, reference: str) -> Relationship:
    """A relationship of which both ends may be known. Raises Http404 for all others."""
    found = Relationship.objects.filter(reference=reference, ended_at=None)
    both = found.filter(about_seen(actor), about_seen(actor, "to"))
    row = both.select_related("person", "to").first()
    if row is None:
        ends = found.values_list("person_id", "to_id").first() or ()
        raise nothing_there(actor, Q(pk__in=list(ends)))
    return row


@form_view
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Another household, or none."""
    with reader_for_change(request, reference) as reader:
        form = unless_other(request, JoinForm)
        by: dict[str, Any] = {
            "actor": reader.actor,
            "purpose": reader.purpose,
            "person": reader.person,
        }

        def move() -> None:
            if pressed_other(request):
                leave_household(**by)
            else:
                found = household_by_code(reader.actor, form.cleaned_data["code"])
                join_household(**by, household=found)

        title, send = _("Change the household"), _("Joins this household")
        other = _("Belongs to no household")
        return form_page(request, reader, form, move, title=title, send=send, other=other)


@form_view
def household(request: HttpRequest, reference: str) -> HttpResponse:
    """Who lives together, as far as the reader may know of them."""
    current_user(request)
    actor = actor_in(request)
    found = Household.objects.filter(reference=reference).first()
    rows = _members(actor, found) if found else []
    if found is None or not rows:
        meant = Q(households__household__reference=reference, households__until=None)
        raise nothing_there(actor, meant)
    if request.method != "POST":
        return _household_page(request, actor, found, rows)
    try:
        into = _change_household(request, actor, found, rows)
    except InputError as error:
        return _household_page(request, actor, found, rows, error)
    messages.success(request, _("Saved."))
    return redirect("people:household", into.reference)


def _members(actor: Actor, household: Household) -> list[HouseholdMember]:
    rows = HouseholdMember.objects.filter(about_seen(actor), household=household, until=None)
    return list(rows.select_related("person", "person__site").order_by("-head", "since", "pk"))


def _change_household(
    request: HttpRequest, actor: Actor, household: Household, rows: list[HouseholdMember]
) -> Household:
    """Do what a button says with those who were chosen; where it leads then."""
    marked = set(request.POST.getlist("person"))
    chosen = [row.person for row in rows if row.person.reference in marked]
    act = request.POST.get("do", "")
    if act == "merge":
        other = household_by_code(actor, request.POST.get("code", ""))
        moving = [row.person for row in _members(actor, other)]
        purpose = purpose_about(actor, CHANGE, *moving)
        return merge_households(actor=actor, purpose=purpose, into=household, other=other)
    if not chosen or (act == "head" and len(chosen) > 1):
        raise InputError.at(Message("apps.registry:household-choose"))
    by: dict[str, Any] = {"actor": actor, "purpose": purpose_about(actor, CHANGE, *chosen)}
    if act == "split":
        return split_household(**by, people=chosen)
    if act == "head":
        choose_head(**by, household=household, person=chosen[0])
    elif act == "leave":
        for person in chosen:
            leave_household(**by, person=person)
    return household


def _household_page(
    request: HttpRequest,
    actor: Actor,
    household: Household,
    rows: list[HouseholdMember],
    wrong: InputError | None = None,
) -> HttpResponse:
    first = rows[0].person
    day = clock.today(first.site.time_zone if first.site else "UTC")
    purpose = purpose_about(actor, IDENTITY, *(row.person for row in rows))
    resource = PERSON.resource(first)
    reader = Reader(actor, purpose, first, resource)
    keys = {row.person_id for row in rows}
    context: dict[str, object] = {"household": household, "may_change": reader.may(CHANGE)}
    page = FormPage(request, "registry/household.html", context=context, site=first.site)
    if not reader.may(IDENTITY):
        plain = [(row, Other(row.person, "", child=False)) for row in rows]
        context["members"] = plain
        return page.shown(wrong)
    with (
        open_vault(),
        reading(actor=actor, code=IDENTITY, purpose=purpose, resource=resource) as act,
    ):
        others = others_of(reader, keys, day)
        act.saw(other.person.pk for other in others.values() if other.name)
        context["members"] = [
            (row, others[row.person_id]) for row in rows if row.person_id in others
        ]
        return page.shown(wrong)


def person_by_code(actor: Actor, text: str) -> Person:
    """A person by the code that was typed. Raises InputError; whom the reader may not know of is
    as one who is not there."""
    code = parse_code(text)
    try_code(actor)
    found = Person.objects.filter(visibility_condition(PERSON, actor), code=code).first()
    if found is None:
        note_missed(actor, Q(code=code), Way.SEARCH)
        raise InputError.at(Message("apps.registry:person-unknown"), field="code")
    return found


def household_by_code(actor: Actor, text: str) -> Household:
    """A household by its code, where the reader may know of somebody in it. Raises InputError."""
    code = parse_code(text)
    try_code(actor)
    rows = HouseholdMember.objects.filter(about_seen(actor), until=None, household__code=code)
    found = rows.select_related("household").first()
    if found is None:
        note_missed(actor, Q(households__household__code=code, households__until=None), Way.SEARCH)
        raise InputError.at(Message("apps.registry:person-unknown"), field="code")
    return found.household

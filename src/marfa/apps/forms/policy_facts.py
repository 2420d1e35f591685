"""Forms as the charter sees them."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.organisations.queries import data_controller
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose, Role, Tier


def the_form(form: FormDefinition) -> Resource:
    """A form, where its organisation stands."""
    return _form(form.pk, form.organisation_id)


def the_version(version: FormVersion) -> Resource:
    """A form as to one of its versions, which somebody else publishes than who added it."""
    adder = version.added_by_id
    added_by = frozenset({adder}) if adder is not None else frozenset()
    return _form(version.form_id, version.organisation_id, added_by)


def form_to_come(organisation: UUID) -> Resource:
    """A form of an organisation that is not there yet."""
    return _form("all", organisation)


def _form(key: UUID | str, organisation: UUID, added_by: frozenset[UUID] = frozenset()) -> Resource:
    facts: dict[str, Value] = {
        "organisation": organisation,
        "controller": data_controller().pk,
        "added_by": added_by,
    }
    return Resource("Form", key, facts)


def forms_here(*_args: object, **_kwargs: object) -> Resource:
    """The forms of the controller as a whole: whether there is anything to manage at all."""
    return form_to_come(data_controller().pk)


def what_came(submission: Submission, actor: Actor) -> Resource:
    """What a submission says, as fields of a person.

    Until the person is known nobody is assigned or shut out. Afterwards it counts as protected
    here: who may read it is asked of the person's own record. What came from somebody who works at
    several sites stands at each of them: for a supervisor, where they supervise.
    """
    facts: dict[str, Value] = {
        "organisation": submission.organisation_id,
        "protected": submission.handed_over_at is not None,
        "erased": False,
        "tier": Tier.SENSITIVE if submission.form.sensitive else Tier.PERSONAL,
        "purposes": frozenset({submission.form.purpose}),
        **dict.fromkeys(("assigned", "granted", "excluded", "excluded_places"), frozenset()),
    }
    facts |= _place(submission, actor)
    return Resource("Record", submission.pk, facts)


def filled_for(form: FormDefinition, person: Resource) -> Resource:
    """What a form says that is filled in for somebody who is known, as fields of theirs."""
    tier = Tier.SENSITIVE if form.sensitive else Tier.PERSONAL
    facts: dict[str, Value] = {"tier": tier, "purposes": frozenset({form.purpose})}
    return Resource("Record", person.id, {**person.facts, **facts})


def _place(submission: Submission, actor: Actor) -> dict[str, Value]:
    if submission.site_id is not None:
        return {"site": submission.site_id}
    for held in actor.roles:
        if held.role is Role.SUPERVISOR and held.organisation == submission.organisation_id:
            places = {"site": held.site, "team": held.team}
            return {name: place for name, place in places.items() if place is not None}
    return {}


def purpose_of(form: FormDefinition) -> Purpose:
    """For which step a form asks."""
    return Purpose(form.purpose)

"""Relocation of a person, with their record, to another site of their organisation."""

from __future__ import annotations

from marfa.apps.organisations.models import Site
from marfa.apps.registry.actions.facts import restate_after
from marfa.apps.registry.events import PersonChanged, PersonMoved, PersonPart
from marfa.apps.registry.models import Person
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act


def move_to_site(*, act: Act, person: Person, site: Site) -> None:
    """Somebody is at another site from now on, by the action that says why; within
    ``open_vault()``.

    Who sees, finds and counts them follows, since the charter asks where the person is. So does
    what their presence means for children, their place in the queue, and the search. Their
    household and those with whom they live stay where they are.
    """
    saved = act.save(person, changes={"site_id": site.pk, "team_id": None})
    person.refresh_from_db()
    # The facts first: whoever else writes about the person waits there, and holds nothing yet.
    restate_after(person, saved.changed, at=saved.at)
    publish_event(PersonMoved(person.pk, site.pk))
    publish_event(PersonChanged(person.pk, PersonPart.PERSON))

"""The page of one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from marfa.apps.manifest import PERSON
from marfa.apps.organisations.clocks import on_clocks_of, render_at
from marfa.apps.record_page import summary_of
from marfa.apps.registry.actions import possible_events
from marfa.apps.registry.exclusions import may_exclude, may_review
from marfa.apps.registry.person_page import build_person_view
from marfa.apps.registry.protection import PROTECTING, may_protect
from marfa.apps.registry.reader import CHANGE, IDENTITY, Reader, identity_of, reader_of
from marfa.apps.registry.views.photograph import may_picture, photo_for
from marfa.apps.subject_pages import history_of, links_for, parts_of


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Who somebody is, for whom the charter lets open it; for others who may know of them, the
    code alone."""
    reader = reader_of(request, reference)
    if not reader.may(IDENTITY):
        context = {
            "person": reader.person,
            "may_protect": may_manage_protection(reader),
            "may_exclude": may_manage_exclusions(reader),
            "links": links_for(request, PERSON, reader.person),
        }
        return render_at(reader.person.site, request, "registry/by_code.html", context)
    with identity_of(reader) as act:
        view = build_person_view(reader)
        act.saw(view.seen)
        act.note(sensitive=view.sensitive)
        with on_clocks_of(reader.person.site):
            parts = parts_of(request, PERSON, reader.person)
            summary = summary_of(request, PERSON, reader.person)
        context = {
            "person": reader.person,
            "view": view,
            "summary": summary,
            "parts": parts,
            "belonging": [*view.related, *view.members],
            "history": history_of(PERSON, reader.person, view.rows),
            "may_change": reader.may(CHANGE),
            "photo": photo_for(reader) is not None,
            "may_picture": reader.may(CHANGE) and may_picture(reader),
            "may_protect": may_manage_protection(reader),
            "may_exclude": may_manage_exclusions(reader),
            "events": bool(possible_events(reader.person)),
        }
        return render_at(reader.person.site, request, "registry/person.html", context)


def may_manage_protection(reader: Reader) -> bool:
    """Whether the reader may protect the person, or look after their protection."""
    roles = reader.actor.role_names & PROTECTING
    return bool(roles) and may_protect(reader.actor, reader.resource)


def may_manage_exclusions(reader: Reader) -> bool:
    """Whether the reader may shut somebody out of the record, or see who is."""
    actor, resource = reader.actor, reader.resource
    return may_exclude(actor, resource) or may_review(actor, resource)

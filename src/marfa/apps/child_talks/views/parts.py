"""Talks with a child, on the page of the person and on that of the case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.child_talks.models import ChildTalk
from marfa.apps.child_talks.queries import earlier_talks, may_read_talks, may_talk, open_talk
from marfa.apps.record_page import folded
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.safeguards.actor import Actor

MOST = 5


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The newest talks with the way to each; what was told stands on their pages."""
    actor = actor_in(request)
    if not treated_as_child(person, clock.today(person.time_zone)):
        return None
    if not may_read_talks(actor, person):
        return None
    context = _context(person, actor)
    content = mark_safe(render_to_string("child_talks/part.html", context, request))  # noqa: S308
    return (
        content if context["talks"] else folded(content, _("There has been no conversation yet."))
    )


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """The same on the page of a case."""
    return render_fragment(request, "child_talks/part", case=case, **_context(case.person, actor))


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each talk, and how it ended; nothing of what was told."""
    for row in ChildTalk.objects.filter(person=case.person):
        what = _("A conversation with the child: %s") % row.get_state_display()
        yield Happening(row.began_at, what, "", row.officer)


def _context(person: Person, actor: Actor) -> dict[str, object]:
    child = treated_as_child(person, clock.today(person.time_zone))
    begins = child and person.site_id is not None and open_talk(person) is None
    return {
        "person": person,
        "child": child,
        "talks": list(earlier_talks(person)[:MOST]),
        "begins": begins and may_talk(actor, person),
    }


PART = CasePart(
    "talks",
    _("Conversations with the child"),
    55,
    render_part,
    happened=case_happenings,
    child=True,
)

"""Handing somebody over to protection, from the page of a talk and from that of a danger."""

from __future__ import annotations

from django.http import HttpRequest

from marfa.apps.screening.actions import hand_over
from marfa.apps.screening.facts import age_of
from marfa.apps.screening.models import HandOver, Screening
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor

Ground = HandOver.Ground


def ground_choices(screening: Screening) -> list[tuple[str, object]]:
    """On what this person may be handed over."""
    child = age_of(screening.person).may_be_child
    found = [Ground.AGREED, *([Ground.CHILD] if child else []), Ground.LIFE_IN_DANGER]
    return [(each.value, each.label) for each in found]


def send_hand_over(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    """Hand over as it was sent. Raises InputError."""
    ground = request.POST.get("ground", "")
    if ground not in Ground.values:
        raise InputError.at(Message("apps.screening:choose-ground"), field="ground")
    note = request.POST.get("note", "")
    hand_over(actor=actor, screening=screening, ground=Ground(ground), note=note)

"""How many people each rule flags."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.studies.loads import MOST, SiteLoad, loads_of
from marfa.apps.studies.views.common import list_title
from marfa.domain.message import Message
from marfa.methods.screening.quality.intervals import Interval
from marfa.methods.screening.study.decisions import CHECKLIST

supervisors_only = require_permission("screening.oversee", the_controller)


@require_safe
@at_desk(Desk.PROTECTION)
@supervisors_only
def load(request: HttpRequest) -> HttpResponse:
    """By list, site and rule; interviews are opened for it, on the record."""
    found: dict[str, list[tuple[SiteLoad, list[tuple[Message, Interval]]]]] = {}
    for each in loads_of(actor_in(request)):
        rules = [
            (Message(f"methods.screening:rule-{rule}"), share)
            for rule, share in each.load.by_rule.items()
            if rule != CHECKLIST
        ]
        found.setdefault(list_title(each.instrument), []).append((each, rules))
    return render(request, "studies/load.html", {"lists": found.items(), "most": MOST})

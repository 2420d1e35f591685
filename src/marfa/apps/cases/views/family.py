"""The family of whom a case is about, by name for who may see both."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.record_page import folded
from marfa.apps.registry.person_page import kin_of
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.reader import IDENTITY, Reader
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """To whom verified ties lead. Whose name is shown stands in the log."""
    reader = Reader(actor, PURPOSE, case.person, PERSON.resource(case.person))
    kin = kin_of(reader)
    named = [each.other.person.pk for each in kin if each.other.name]
    content = render_fragment(request, "cases/family", case=case, kin=kin)
    if not kin:
        return folded(content, _("No verified relatives are known."))
    if named:
        with reading(actor=actor, code=IDENTITY, purpose=PURPOSE, resource=reader.resource) as act:
            act.saw(named)
    return content


PART = CasePart("family", _("Family"), 15, render_part)

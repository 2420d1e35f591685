"""The forms of whom a case is about, among the parts of the page of the case."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.forms.section import render_section
from marfa.apps.record_page import folded
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, _actor: Actor) -> SafeString:
    """As on the person's page: the answers, and the way to fill one in."""
    content = render_section(request, case.person)
    if content is None:
        return folded(render_fragment(request, "cases/no_forms"), _("There are no forms yet."))
    return content


PART = CasePart("forms", _("Received forms"), 55, render_part)

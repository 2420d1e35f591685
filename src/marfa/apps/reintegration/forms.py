"""The forms of the pages. Fields are named as the actions and columns name what they take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.assistance.views.plans import DayField
from marfa.apps.best_interests.forms import Choices, choice, line, words
from marfa.apps.registry.choices import listed_only
from marfa.apps.reintegration.models.plans import ViewHow
from marfa.apps.reintegration.needs import PROMPTS

SOON_AGAIN = _("Within 92 days. Such as 3 May 2026 or 3/5/2026.")
ONLY_NEEDS = _("What the child needs. Not what the child did, and nothing of where it was.")


class PlanForm(forms.Form):
    """What the child wants, and when the plan is looked at again."""

    view_how = choice(_("How is it known what the child thinks?"), ViewHow.choices)
    view = words(_("What does the child wish for the time ahead?"), _("In the child’s own words."))
    review_on = DayField(label=_("Review by"), help_text=SOON_AGAIN)


class ReviewForm(PlanForm):
    """A plan, looked at with the child."""

    text = words(_("What went well, and what changes?"), ONLY_NEEDS, needed=True)

    field_order = ("text", "view_how", "view", "review_on")


class ChangeStepForm(forms.Form):
    """A step, put right. Fields are named as its columns."""

    need = forms.ChoiceField(label=_("For which need?"), choices=listed_only("recovery_needs"))
    words = words(_("What is done?"), ONLY_NEEDS, needed=True)
    by_whom = line(_("Who does it?"), _("A person or a service, and never the child alone."))
    due_on = DayField(label=_("Until when?"))


class StepForm(ChangeStepForm):
    """A new step. goals: those that the child chose and that are under way, by reference."""

    goal = choice(_("For which goal of the child?"), (), needed=False)

    field_order = ("need", "words", "by_whom", "due_on", "goal")

    def __init__(self, *args: Any, goals: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(goals)
        self.fields["goal"].choices = [*offered, ("", _("none of these"))]  # type: ignore[attr-defined]
        if not offered:
            del self.fields["goal"]


def prompts() -> list[tuple[str | Promise, Promise]]:
    """What to think of, by need in the order of the list."""
    return [(label, PROMPTS[code]) for code, label in listed_only("recovery_needs")()]

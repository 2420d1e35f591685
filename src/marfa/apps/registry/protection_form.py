"""The forms about protection."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User

LONGEST = 500
AGAIN = (
    ("14", _("in two weeks")),
    ("30", _("in a month")),
    ("91", _("in three months")),
    ("182", _("in six months")),
)


def sentence_field(label: object, hint: object) -> forms.CharField:
    """A sentence or two, in any script."""
    widget = forms.Textarea(attrs={"autocomplete": "off", "dir": "auto", "rows": 3})
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        max_length=LONGEST,
        widget=widget,
        required=False,
    )


def review_field() -> forms.ChoiceField:
    """When it is looked at again."""
    return forms.ChoiceField(
        label=_("When is this reviewed?"),
        help_text=_("The protection does not end automatically."),
        choices=AGAIN,
        initial="30",
        widget=forms.RadioSelect,
    )


class ProtectForm(forms.Form):
    """Why, until when, and who stays."""

    reason = sentence_field(
        _("Why must no one find this person?"),
        _("One or two sentences. Only the colleagues who stay read them."),
    )
    review_on = review_field()
    staying = forms.MultipleChoiceField(
        label=_("Who stays with the person?"),
        help_text=_(
            "No one else, including you unless you stay, can see any more that the person is "
            "registered."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: object, possible: Iterable[User] = ()) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        choices = [(user.reference, user.display_name) for user in possible]
        self.fields["staying"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["staying"]


class ReviewForm(forms.Form):
    """When it is looked at again."""

    review_on = review_field()


class AskForm(forms.Form):
    """Why the protection is to be taken away."""

    why = sentence_field(
        _("Why is the protection no longer needed?"),
        _("Ask the person first. A second colleague reads this and decides."),
    )


class StayForm(forms.Form):
    """A further colleague who stays with the person."""

    staying = forms.ChoiceField(label=_("Who else stays with the person?"))

    def __init__(self, *given: object, possible: Iterable[User] = ()) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        choices = [(user.reference, user.display_name) for user in possible]
        self.fields["staying"].choices = choices  # type: ignore[attr-defined]

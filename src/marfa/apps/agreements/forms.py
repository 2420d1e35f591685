"""The forms about a recipient. No answer is chosen beforehand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.labels import code_choices
from marfa.apps.agreements.models.recipients import KINDS


def _radios(title: Any, options: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=title, choices=options, widget=forms.RadioSelect, help_text=hint)


class RecipientForm(forms.Form):
    """A body that may be sent data."""

    guest = forms.ChoiceField(
        label=_("A guest partner of this installation"),
        help_text=_(
            "An organisation whose staff work in this installation with records of their "
            "own. Leave empty for an outside body."
        ),
        required=False,
    )
    name = forms.CharField(
        label=_("Or an outside body: what is its name?"), required=False, max_length=200
    )
    kind = _radios(
        _("What type of body is it?"),
        lambda: code_choices("recipient_kinds", KINDS),
        _("Immigration, security, detention, refugee status and sanctions are never recipients."),
    )
    mail = forms.EmailField(
        label=_("E-mail address of its office"),
        help_text=_("For messages without anyone’s identity. Never the address of one person."),
        required=False,
    )

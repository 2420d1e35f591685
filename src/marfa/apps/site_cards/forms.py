"""The form of a card."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.site_cards.models import NOTE_LENGTH, OPENING_LENGTH, PHONE_LENGTH
from marfa.apps.site_cards.queries import language_names


class CardForm(forms.Form):
    """Every field may stay empty: what is not known is not made up."""

    phone = forms.CharField(
        label=_("Telephone of the site"),
        help_text=_("Not the number of a person."),
        max_length=PHONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "dir": "auto"}),
    )
    opening = forms.CharField(
        label=_("When is it open?"),
        help_text=_("For example: Sunday to Thursday, 8 to 16."),
        max_length=OPENING_LENGTH,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages are spoken there?"),
        choices=language_names,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("How does one get there?"),
        help_text=_("The way, the gate, what to say at the door. Name no one."),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea,
    )

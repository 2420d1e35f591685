"""The form of a card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.site_cards.models import NOTE_LENGTH, OPENING_LENGTH, PHONE_LENGTH
from marfa.apps.site_cards.queries import language_names
from marfa.domain.digits import latin_digits


class DegreesField(forms.FloatField):
    """Degrees, in any digits."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        if value:
            value = latin_digits(str(value)).replace("٫", ".").replace(",", ".")
        found: float | None = super().to_python(value)
        return found


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
    latitude = DegreesField(
        label=_("Latitude"),
        help_text=_("In degrees, for example 32.887. For distances; no map is asked."),
        required=False,
    )
    longitude = DegreesField(
        label=_("Longitude"), help_text=_("In degrees, for example 13.191."), required=False
    )

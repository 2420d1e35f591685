"""The form with which an incident is written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.queries import key_of_user
from marfa.domain.codelists import codelist


def incident_kind_choices() -> list[tuple[str, str]]:
    """What may have happened, in the reader's language."""
    return codelist("incident_kinds").choices(get_language() or "en")


class MomentField(forms.DateTimeField):
    """A moment on the clocks of who fills it in, as a browser's own control gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class TimesForm(forms.Form):
    """From when until when data may have been seen; empty: not known, or not over."""

    began_at = MomentField(label=_("From when may data have been seen?"), required=False)
    ended_at = MomentField(label=_("Until when may they have been seen?"), required=False)


class IncidentForm(TimesForm):
    """What happened, when, through whose account."""

    field_order = ("kind", "noticed_at", "began_at", "ended_at", "account", "note")
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=incident_kind_choices, widget=forms.RadioSelect
    )
    noticed_at = MomentField(label=_("When was it noticed?"))
    account = forms.CharField(
        label=_("Through whose account?"),
        help_text=_("Their user name. Leave empty if it is not known."),
        required=False,
        max_length=60,
    )
    note = forms.CharField(
        label=_("What is known?"),
        help_text=_("It is stored encrypted. Name people only where necessary."),
        widget=forms.Textarea,
        required=False,
        max_length=20_000,
    )

    def __init__(self, *args: Any, tells: bool, **kwargs: Any) -> None:
        """tells: whether who fills it in may know which user names there are."""
        super().__init__(*args, **kwargs)
        self.tells = tells

    def clean_account(self) -> UUID | None:
        text = self.cleaned_data["account"].strip()
        key = key_of_user(text) if text else None
        if text and key is None and self.tells:
            raise forms.ValidationError(_("There is no user with this name."))
        return key

    def clean(self) -> None:
        """A name that nobody has goes into the note: what was typed is kept, and not judged."""
        super().clean()
        typed = self.data.get("account", "").strip()
        if typed and self.cleaned_data.get("account") is None:
            said = f"{self.fields['account'].label} {typed}"
            note = self.cleaned_data.get("note", "")
            self.cleaned_data["note"] = f"{note}\n\n{said}".strip()

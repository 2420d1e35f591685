"""The forms of sealed notes. Nothing of them is kept as a draft."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.sealed_records.models import SealedNote
from marfa.safeguards.sealed.models import Reason
from marfa.safeguards.sealed.requests import LONGEST_REASON

LONGEST_TEXT = 20_000
KINDS = [(value, capfirst(label)) for value, label in SealedNote.Kind.choices]
REASONS_TO_READ = [choice for choice in Reason.choices if choice[0] != Reason.NEW_HOLDERS]


def _password(label: object, complete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, widget=widget, strip=False)  # type: ignore[arg-type]


class PassphraseForm(forms.Form):
    """A new passphrase, typed twice, by somebody who has read what it means."""

    passphrase = _password(_("New passphrase"), "new-password")
    again = _password(_("Repeat passphrase"), "new-password")
    understood = forms.BooleanField(
        label=_("I understand that no one can reset this passphrase, and have written it on paper.")
    )

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("passphrase") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two do not match."))


class ChangeForm(PassphraseForm):
    """Another passphrase for the same keys."""

    old = _password(_("Current passphrase"), "current-password")
    field_order = ("old", "passphrase", "again", "understood")


class AnewForm(PassphraseForm):
    """A passphrase for other keys, by somebody who has read what is lost with the old ones."""

    understood = forms.BooleanField(
        label=_(
            "I understand that I lose the notes sealed to me until two others name me again, "
            "and that no one can reset the new passphrase. I have written it on paper."
        )
    )


class UnlockForm(forms.Form):
    """The passphrase."""

    passphrase = _password(_("Passphrase for sealed notes"), "current-password")


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.display_name


def _people(label: object, hint: object) -> _People:
    return _People(
        User.objects.none(),
        label=label,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


class NoteForm(forms.Form):
    """A note to be sealed."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Text to seal"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    holders = _people(
        _("Who can open it, two together?"),
        _(
            "You are one of them. Name at least one more, preferably two: if only two can "
            "open it and one forgets the passphrase, it is lost for ever. Anyone missing "
            "here has not set a passphrase yet."
        ),
    )

    def __init__(self, *args: object, people: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["holders"].queryset = people  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Why a note has to be opened."""

    code = forms.ChoiceField(
        label=_("Why do you have to open it?"), choices=REASONS_TO_READ, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("The reason in your own words"),
        help_text=_("Only people who can answer read it. It is sealed like the note itself."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class HoldersForm(forms.Form):
    """Who shall be able to open a note from then on."""

    holders = _people(
        _("Who will be able to open it, two together?"),
        _(
            "Tick at least two, preferably three. Someone else who can open it has to agree. "
            "From then on only the people you tick here can open it."
        ),
    )
    reason = forms.CharField(
        label=_("The reason in your own words"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: object, people: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["holders"].queryset = people  # type: ignore[attr-defined]

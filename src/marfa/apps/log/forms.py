"""What the log is searched by."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User, username_key
from marfa.apps.manifest import people_named
from marfa.platform import clock
from marfa.safeguards.audit.encoding import ACTION
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.queries import EntryFilter
from marfa.safeguards.words import Outcome

PERIODS = {
    "day": (_("the last 24 hours"), timedelta(hours=24)),
    "week": (_("the last 7 days"), timedelta(days=7)),
    "month": (_("the last 30 days"), timedelta(days=30)),
    "year": (_("the last 365 days"), timedelta(days=365)),
}
OUTCOMES = {
    Outcome.DONE.value: _("done"),
    Outcome.DENIED.value: _("denied"),
    Outcome.FAILED.value: _("failed"),
}


class SearchForm(forms.Form):
    """Each field narrows; an empty one does not. It is sent by POST: no address tells whom
    somebody looked for."""

    action = forms.CharField(
        label=_("Action"),
        required=False,
        max_length=100,
        help_text=_("Its code, such as users.block."),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("any")), *OUTCOMES.items()]
    )
    actor = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=60,
        help_text=_("User name or reference of a colleague."),
    )
    subject = forms.CharField(
        label=_("About whom"),
        required=False,
        max_length=60,
        help_text=_("Reference or code of a person."),
    )
    period = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("at any time")), *((key, name) for key, (name, _span) in PERIODS.items())],
    )
    # An entry whose person is looked for; the key of the person stays here.
    same = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_action(self) -> str:
        text: str = self.cleaned_data["action"].strip()
        if text and not ACTION.fullmatch(text):
            raise forms.ValidationError(_("An action is written as users.block."))
        return text

    def clean_actor(self) -> User | None:
        text: str = self.cleaned_data["actor"].strip()
        if not text:
            return None
        users = User.objects.filter(username_key=username_key(text))
        found = users.first() or User.objects.filter(reference=text).first()
        if found is None:
            raise forms.ValidationError(_("There is no colleague of this name or reference."))
        return found

    def clean_subject(self) -> object:
        text: str = self.cleaned_data["subject"].strip()
        if not text:
            return None
        found = people_named(text)
        if len(found) == 1:
            return found.pop()
        if found:
            raise forms.ValidationError(
                _("Several people have this code. Type the reference of the one who is meant.")
            )
        raise forms.ValidationError(_("Nobody is known by this reference or code."))

    def wanted(self) -> EntryFilter:
        """What a valid form asks for."""
        data = self.cleaned_data
        period = PERIODS.get(data["period"])
        subject = data.get("subject")
        if data.get("same") is not None:
            subject = Entry.objects.filter(place=data["same"]).values_list("subject_id").first()
            subject = subject[0] if subject else None
        return EntryFilter(
            action=data["action"],
            outcome=data["outcome"],
            actor=data["actor"].pk if data["actor"] else None,
            subject=subject,
            since=clock.now() - period[1] if period else None,
        )

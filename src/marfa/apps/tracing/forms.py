"""The forms of tracing that ask for a yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipients_in_use
from marfa.apps.best_interests.agreement import AgreementFields
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.cases.action_base import CHOOSE_ONE
from marfa.apps.cases.models import Case
from marfa.apps.referrals.disclosed_fields import default_fields, offered_fields
from marfa.apps.tracing.actions.agreements import is_child
from marfa.apps.tracing.models import Reunification
from marfa.apps.tracing.models.requests import TRACING_BODIES
from marfa.domain.message import InputError, Message
from marfa.safeguards.words import Purpose

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class AgreedForm(AgreementFields):
    """The answer for a child, where there is one. Somebody grown up is not asked for through it."""

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data)
        self.asks = is_child(case)
        if self.asks:
            self.for_person(case.person)
        for name in ("agreed_who", "agreed_answer", "agreed_on"):
            self.fields[name].required = False

    def answered(self) -> Agreement | None:
        """What was answered; None where nobody was asked. Raises InputError for half an answer: a
        no of which it is not said whose it is would be lost."""
        told = self.cleaned_data
        if not self.asks:
            return None
        missing = [each for each in ("agreed_who", "agreed_answer") if not told.get(each)]
        if "agreed_on" in self.errors:
            raise InputError.at(Message("apps.organisations:no-day"), field="agreed_on")
        if len(missing) == 2 and not self.errors:
            return None
        if missing:
            raise InputError.at(CHOOSE_ONE, field=missing[0])
        if told["agreed_on"] is None:
            told["agreed_on"] = self.fields["agreed_on"].initial
        return self.agreement()


class ShareForm(AgreedForm):
    """What goes to which tracing body. No other kind of recipient is offered."""

    to = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect)
    fields_told = forms.MultipleChoiceField(
        label=_("What are they told about the person?"),
        help_text=_("As little as tracing needs. No photograph goes along."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, case)
        bodies = [each for each in recipients_in_use() if each.kind in TRACING_BODIES]
        named = [(each.reference, recipient_name(each)) for each in bodies]
        self.fields["to"].choices = named  # type: ignore[attr-defined]
        self.fields["fields_told"].choices = offered_fields(Purpose.TRACING)  # type: ignore[attr-defined]
        self.fields["fields_told"].initial = default_fields(Purpose.TRACING)


class PrepareForm(AgreedForm):
    """A reunification as it is prepared."""

    wish = forms.ChoiceField(
        label=_("What does the child wish?"),
        choices=Reunification.Wish.choices,
        widget=forms.RadioSelect,
    )
    wish_how = forms.CharField(
        label=_("How were they asked, by whom, and what did they say?"), widget=forms.Textarea
    )
    wish_on = forms.DateField(
        label=_("On which day were they asked?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    border = forms.ChoiceField(
        label=_("Does it lead across a border?"), choices=YES_NO, widget=forms.RadioSelect
    )
    why = forms.CharField(label=_("Why is it best for the child?"), widget=forms.Textarea)

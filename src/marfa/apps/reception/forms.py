"""The forms of the private interview."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.reception.actions.interview import CONDITIONS

LONGEST_NOTE = 500
STATED = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unknown", _("Does not know")),
    ("refused", _("Would rather not say")),
)
CONFIRMED = dict(
    zip(
        CONDITIONS,
        (
            _(
                "The person is alone with me; the people who came with them are out of sight "
                "and hearing."
            ),
            _("The place is private, and the door is not watched by others."),
            _(
                "The person knows that they may stop at any moment,"
                " and that help does not depend on answers."
            ),
            _(
                "There is no interpreter, or the interpreter is of the sex that the person wants"
                " and has no tie to those who came with them."
            ),
        ),
        strict=True,
    )
)


class BeginForm(forms.Form):
    """What must be so, and in which language."""

    confirmed = forms.MultipleChoiceField(
        label=_("Before you begin"),
        choices=list(CONFIRMED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.CharField(label=_("In which language?"), max_length=40, required=False)
    interpreter = forms.CharField(
        label=_("Code of the interpreter"),
        help_text=_("Leave empty if there is none. Write no name."),
        max_length=20,
        required=False,
    )


class SeenForm(forms.Form):
    """What was seen: it is not asked."""

    observed = forms.ChoiceField(
        label=_("Did you see signs of it?"),
        choices=[("", _("Nothing seen")), ("yes", _("Yes, I saw it myself"))],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What did you see or hear?"),
        help_text=_("A sentence, if it helps. Name no one."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(SeenForm):
    """What the person said, and apart from it what was seen."""

    stated = forms.ChoiceField(
        label=_("What the person says"),
        choices=STATED,
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("stated", "observed", "note")

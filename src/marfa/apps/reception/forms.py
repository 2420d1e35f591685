"""The forms of the private conversation."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.reception.actions.interview import CONDITIONS
from marfa.apps.reception.questions import Apart, Question
from marfa.apps.reception.reasons import Fact
from marfa.domain.addressee import Addressee

LONGEST_NOTE, LONGEST_CODE, LONGEST_SUPPORTER = 500, 20, 120
STATED = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unknown", _("Does not know")),
    ("refused", _("Would rather not say")),
)
SLEEPS = (("yes", _("Somewhere else")), ("no", _("Where the person stays now")), *STATED[2:])
"""The answers to where somebody would be safe to sleep: only one place is not safe."""
SAYS = _("What the person says")


@dataclass(frozen=True)
class ConditionText:
    """One condition: what must be so, why, and the button that says that it is."""

    label: Promise
    why: Promise


CONFIRMED = dict(
    zip(
        CONDITIONS,
        (
            ConditionText(
                _("The person is alone with me"),
                _(
                    "No relative, companion, guard or employer is here, and their children are "
                    "looked after elsewhere. A person who is controlled does not speak in front "
                    "of the person who controls them."
                ),
            ),
            ConditionText(
                _("No one sees or hears us"),
                _(
                    "The place is private, and the door is not watched. The person who exploits "
                    "them may be near, or may have others listen."
                ),
            ),
            ConditionText(
                _("The person wants this officer and this interpreter"),
                _(
                    "Ask: “Is it right for you to speak with me?” Either may be refused without a "
                    "reason. An interpreter is of the sex that the person wants and has no tie to "
                    "those around them."
                ),
            ),
            ConditionText(
                _("The person heard this and understood it"),
                _(
                    "Read it out, in a language that the person understands. They may stop at any "
                    "moment, and help does not depend on answers."
                ),
            ),
            ConditionText(
                _("The person was told what has to be reported at this site"),
                _("What you must report cannot be taken back once it is said."),
            ),
            ConditionText(
                _("At least one place to refer to was called and is open"),
                _("Questions bring up what no one could then care for."),
            ),
        ),
        strict=True,
    )
)
WAYS = (
    ("spoken", _("spoken")),
    ("pointed", _("pointed at on this device")),
    ("signed", _("in sign language or by signs")),
    ("written", _("written")),
)
FORMS = ((Addressee.FEMININE.value, _("Feminine")), (Addressee.MASCULINE.value, _("Masculine")))


class BeginForm(forms.Form):
    """What must be so, and how the person wants to speak."""

    confirmed = forms.MultipleChoiceField(
        choices=[(name, text.label) for name, text in CONFIRMED.items()], required=False
    )
    addressee = forms.ChoiceField(
        label=_("How does the person want to be addressed?"),
        help_text=_("Ask. It is their choice, whatever their papers say."),
        choices=FORMS,
        required=False,
        widget=forms.RadioSelect,
    )
    interpreter = forms.CharField(
        label=_("Code of the interpreter"),
        help_text=_("Leave empty if there is none. Write no name."),
        max_length=LONGEST_CODE,
        required=False,
    )
    language = forms.CharField(label=_("In which language?"), max_length=40, required=False)
    way = forms.ChoiceField(label=_("How does the person answer?"), choices=WAYS, required=False)
    supporter = forms.CharField(
        label=_("Whom the person wants beside them"),
        help_text=_(
            "Only someone they named themselves when asked alone, never someone who only came "
            "along. Write what they are to the person, no name."
        ),
        max_length=LONGEST_SUPPORTER,
        required=False,
    )


class AnswerForm(forms.Form):
    """What the person said, and apart from it what was seen."""

    stated = forms.ChoiceField(label=SAYS, choices=STATED, required=False)
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


class SleepsForm(AnswerForm):
    """The same, in the words of where somebody would be safe to sleep."""

    stated = forms.ChoiceField(label=SAYS, choices=SLEEPS, required=False)


def form_of(question: Question) -> type[AnswerForm]:
    """The form whose answers read as those of a question."""
    return SleepsForm if question is Fact.NO_SAFE_PLACE else AnswerForm


def answers_to(question: Question) -> tuple[tuple[str, Promise], ...]:
    """What can be said to a question: each answer is a button that saves it and goes on."""
    return SLEEPS if question is Fact.NO_SAFE_PLACE else STATED


def is_apart(question: Question) -> bool:
    """Whether the answer is kept apart from what is known of the person."""
    return question in set(Apart)

"""The forms of a study. No answer is chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Site
from marfa.apps.screening.presentation import SAID
from marfa.domain.languages import own_name

LONGEST = 4_000
MOST = 100_000
YES_NO = (("yes", _("Yes")), ("no", _("No")))


def _day(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"inputmode": "numeric", "dir": "ltr"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=widget, input_formats=["%Y-%m-%d"]
    )


def _text(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST, widget=forms.Textarea
    )


def _number(label: Any, hint: Any, most: int = MOST) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=1, max_value=most)


class PlanForm(forms.Form):
    """The protocol. What is empty keeps a study from enrolling anybody."""

    instrument = forms.ChoiceField(label=_("Which list of questions?"))
    languages = forms.MultipleChoiceField(
        label=_("In which languages is it asked?"), widget=forms.CheckboxSelectMultiple
    )
    sites = forms.MultipleChoiceField(
        label=_("At which sites?"),
        help_text=_("What the study finds holds there and nowhere else."),
        widget=forms.CheckboxSelectMultiple,
    )
    population = _text(
        _("Who is asked?"), _("Where, from when until when, and who is left out. Name no one.")
    )
    begins = _day(_("From which day?"), _("For example 2026-01-31."))
    needed_flagged = _number(
        _("How many people whom the questions flag are to be assessed?"),
        _("With 60 people little can be said; with 200 the figures are about half as uncertain."),
    )
    needed_not_flagged = _number(
        _("How many people whom they do not flag?"),
        _("Without them no one can say whom the questions miss."),
    )
    percent_not_flagged = _number(
        _("Of 100 people not flagged who agree, how many are drawn by lot?"),
        _("Their help does not depend on it."),
        100,
    )
    reference = _text(
        _("How does the panel decide?"), _("By which definition, from what, with how many people.")
    )
    blinding = _text(
        _("How is it kept from the panel what the questions said?"),
        _("The pages of the panel do not show it. Say what else is done."),
    )
    assessors_know = forms.ChoiceField(
        label=_("Does whoever assesses a person know what the questions said?"),
        help_text=_("If so, both rates come out too high, and the results say so."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    help = _text(
        _("Who helps whoever is found, on the same day?"), _("An office or a role, not a name.")
    )
    stop_rule = _text(
        _("What ends the study at once, and who decides it?"), _("For example: someone is harmed.")
    )
    approval_body = forms.CharField(
        label=_("Which ethics body has approved it?"),
        help_text=_("Without its approval no one is enrolled."),
        required=False,
        max_length=200,
    )
    approval_number = forms.CharField(
        label=_("Number of the approval"), required=False, max_length=80
    )
    approval_ends = _day(_("Last day of the approval"), required=False)
    children = forms.ChoiceField(
        label=_("Does the approval cover children?"), choices=YES_NO, widget=forms.RadioSelect
    )
    panel = forms.MultipleChoiceField(
        label=_("Who reads for the panel?"),
        help_text=_("At least two people who lead none of the interviews. You cannot be one."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *given: object,
        lists: Iterable[tuple[str, str]],
        languages: Iterable[str],
        sites: Iterable[Site],
        readers: Iterable[User],
    ) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        choices: dict[str, list[tuple[str, str]]] = {
            "instrument": list(lists),
            "languages": [(code, own_name(code)) for code in languages],
            "sites": [(site.reference, site.name) for site in sites],
            "panel": [(user.reference, user.display_name) for user in readers],
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as they are above
            field.choices = known


class ConsentForm(forms.Form):
    """What the person says to the study, which is asked for nothing else."""

    consent = forms.ChoiceField(
        label=_("Does the person want to take part?"),
        help_text=_("If they say no, nothing is recorded."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    understood = forms.BooleanField(
        label=_("The person could say it again in their own words"), required=False
    )


class EndForm(forms.Form):
    """Until when a band holds."""

    ends = _day(
        _("On which day does it end?"), _("After two years at the latest. For example 2027-01-31.")
    )


class ScoreForm(forms.Form):
    """One interview, as one person scores it: an answer an item."""

    script = forms.CharField(
        label=_("What is the interview called?"),
        help_text=_("The same for all who score it, such as script-1. No name."),
        max_length=40,
    )
    later = forms.ChoiceField(
        label=_("Is it a later interview with the same person?"),
        help_text=_("It is kept apart: on another day other things may be true."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )

    def __init__(self, *given: object, items: Iterable[tuple[str, str]]) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.items_of = dict(items)
        for item, words in self.items_of.items():
            self.fields[f"item-{item}"] = forms.ChoiceField(
                label=words, choices=[("", _("Choose")), *SAID], required=False
            )

    @property
    def answers(self) -> dict[str, str]:
        """Item -> answer, of those that have one."""
        return {item: self.cleaned_data[f"item-{item}"] for item in self.items_of}

"""The forms of the directory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.directory import models
from marfa.apps.directory.models import Service
from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.forms import DegreesField
from marfa.apps.site_cards.queries import language_names
from marfa.domain.codelists import codelist

Choices = list[tuple[str, Any]]


def need_choices() -> Choices:
    """Needs with which services help, in the reader's language."""
    return list(codelist("support_types").choices(get_language() or "en"))


class ServiceForm(forms.Form):
    """All that is told of a service. Only name and need must be known."""

    name = forms.CharField(
        label=_("Name of the service"),
        help_text=_("As it is called there. Name no one."),
        max_length=models.NAME_LENGTH,
    )
    provider = forms.CharField(
        label=_("Which organisation gives it?"), max_length=models.NAME_LENGTH, required=False
    )
    need = forms.ChoiceField(
        label=_("With what does it help?"),
        help_text=_("One need an entry. Who helps with two has two entries."),
        choices=need_choices,
    )
    phone = forms.CharField(
        label=_("Telephone of the service"),
        help_text=_("Not the number of a person."),
        max_length=models.PHONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "dir": "auto"}),
    )
    safe_contact = forms.CharField(
        label=_("How does one get in touch safely?"),
        help_text=_("For example: call from the site, never from the person’s telephone."),
        max_length=models.LINE_LENGTH,
        required=False,
    )
    opening = forms.CharField(
        label=_("When is it open?"),
        help_text=_("For example: Sunday to Thursday, 8 to 16."),
        max_length=models.LINE_LENGTH,
        required=False,
    )
    confidential = forms.BooleanField(
        label=_("Where it is may not be known, as of a shelter. No place is stored."),
        required=False,
    )
    address = forms.CharField(
        label=_("Where is it?"), max_length=models.LINE_LENGTH, required=False
    )
    latitude = DegreesField(
        label=_("Latitude"),
        help_text=_("In degrees, for example 32.887. For distances; no map is asked."),
        required=False,
    )
    longitude = DegreesField(
        label=_("Longitude"), help_text=_("In degrees, for example 13.191."), required=False
    )
    sexes = forms.ChoiceField(
        label=_("For whom is it?"),
        choices=Service.Sexes.choices,
        widget=forms.RadioSelect,
        initial=Service.Sexes.ALL,
    )
    age_from = forms.IntegerField(
        label=_("From which age?"),
        help_text=_("Leave empty if there is no limit."),
        required=False,
        min_value=0,
        max_value=models.OLDEST,
        localize=True,
    )
    age_to = forms.IntegerField(
        label=_("Up to which age, included?"),
        help_text=_("Leave empty if there is no limit."),
        required=False,
        min_value=0,
        max_value=models.OLDEST,
        localize=True,
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages are spoken there?"),
        choices=language_names,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    access = forms.MultipleChoiceField(
        label=_("Who can use it?"),
        choices=Service.Access.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cost = forms.ChoiceField(
        label=_("What does it cost?"),
        choices=Service.Cost.choices,
        widget=forms.RadioSelect,
        initial=Service.Cost.UNKNOWN,
    )
    papers = forms.ChoiceField(
        label=_("Does it ask for papers?"),
        choices=Service.Asked.choices,
        widget=forms.RadioSelect,
        initial=Service.Asked.UNKNOWN,
    )
    police_report = forms.ChoiceField(
        label=_("Does it ask for a police report?"),
        help_text=_("No one is sent at once to a place that does, or where it is not known."),
        choices=Service.Asked.choices,
        widget=forms.RadioSelect,
        initial=Service.Asked.UNKNOWN,
    )
    on_sheets = forms.BooleanField(
        label=_("Its name and number stand on leaflets, where anyone may read them."),
        required=False,
    )
    note = forms.CharField(
        label=_("What else should a colleague know?"),
        help_text=_("Name no one."),
        max_length=models.NOTE_LENGTH,
        required=False,
        widget=forms.Textarea,
    )


class FindForm(forms.Form):
    """What is looked for. It says of a person no more than sex and age."""

    need = forms.ChoiceField(label=_("With what?"), choices=need_choices, required=False)
    site = forms.ChoiceField(label=_("Near which site?"), required=False)
    sex = forms.ChoiceField(
        label=_("For whom?"),
        choices=[
            ("", _("sex not known")),
            ("female", _("a woman or girl")),
            ("male", _("a man or boy")),
        ],
        required=False,
    )
    age = forms.IntegerField(
        label=_("Age"),
        help_text=_("Leave empty if it is not known: then only what takes every age is shown."),
        required=False,
        min_value=0,
        max_value=models.OLDEST,
        localize=True,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {each.reference: each for each in sites}
        _choices(self, "need", [("", _("any need")), *need_choices()])
        _choices(self, "site", [(key, each.name) for key, each in self.sites.items()])
        _choices(self, "language", [("", _("any language")), *language_names()])


class AddForm(ServiceForm):
    """A new entry, for one of the organisations for which somebody keeps some."""

    def __init__(self, *args: Any, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"] = forms.ChoiceField(
            label=_("For which organisation is the entry kept?"), choices=keepers
        )
        if len(keepers) == 1:
            self.fields["keeper"].initial = keepers[0][0]


def _choices(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = choices

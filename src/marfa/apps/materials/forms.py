"""The forms of sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.materials.models import FEWEST_COPIES, PrintBatch
from marfa.apps.materials.wording import offered_languages
from marfa.apps.organisations.models import Site


class OrderForm(forms.Form):
    """What is to be printed, for which site, how often."""

    site = forms.ChoiceField(label=_("For which site?"))
    material = forms.ChoiceField(
        label=_("What is printed?"),
        choices=PrintBatch.Material.choices,
        widget=forms.RadioSelect,
        initial=PrintBatch.Material.LEAFLET,
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        help_text=_("Only languages whose words two people agreed to are offered."),
    )
    addressee = forms.ChoiceField(
        label=_("Addressed to whom?"),
        help_text=_("Matters in languages such as Arabic. Print both, and give each their own."),
        choices=PrintBatch.Addressee.choices,
        widget=forms.RadioSelect,
        initial=PrintBatch.Addressee.FEMININE,
    )
    manner = forms.ChoiceField(
        label=_("How does it tell?"),
        choices=PrintBatch.Manner.choices,
        widget=forms.RadioSelect,
        initial=PrintBatch.Manner.WORDS,
    )
    tone = forms.ChoiceField(
        label=_("What does it say?"),
        choices=PrintBatch.Tone.choices,
        widget=forms.RadioSelect,
        initial=PrintBatch.Tone.DISCREET,
    )
    copies = forms.IntegerField(
        label=_("How many copies?"),
        help_text=_("At least 200. All share one code, so that no sheet stands for one person."),
        initial=FEWEST_COPIES,
        localize=True,
    )

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {site.reference: site for site in sites}
        _choices(self, "site", [(key, site.name) for key, site in self.sites.items()])
        _choices(self, "language", list(offered_languages()))

    def clean_site(self) -> Site:
        return self.sites[self.cleaned_data["site"]]


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = choices

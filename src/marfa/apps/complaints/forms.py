"""The form with which somebody complains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.complaints.models import Complaint
from marfa.apps.organisations.models import Site


class ComplaintForm(forms.Form):
    """What happened, about whom, where. Nothing but the first is needed."""

    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("You need not say who you are. Write in any language."),
        widget=forms.Textarea,
        max_length=20_000,
    )
    about = forms.ChoiceField(
        label=_("About whom is it?"),
        choices=Complaint.About.choices,
        widget=forms.RadioSelect,
    )
    matter = forms.ChoiceField(
        label=_("What is it about?"), choices=Complaint.Matter.choices, widget=forms.RadioSelect
    )
    site = forms.ChoiceField(label=_("Which place is it about?"), required=False)
    contact = forms.CharField(
        label=_("Do you want to be reached, and how?"),
        help_text=_("Only if it is safe for you. You can leave it empty."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        """sites: places that it may be about."""
        super().__init__(*args, **kwargs)
        self.sites = {site.reference: site for site in sites}
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", _("no one place")),
            *((key, site.name) for key, site in self.sites.items()),
        ]

    def clean_site(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])

"""The form with which somebody complains, and the one that adds what they left open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.complaints.models import Complaint
from marfa.apps.organisations.models import Site

Choice = tuple[str, Any]
OPEN = {Complaint.About.UNSAID.value, Complaint.Matter.UNSAID.value}


def _without_open(choices: Iterable[Choice]) -> list[Choice]:
    return [each for each in choices if each[0] not in OPEN]


class ComplaintForm(forms.Form):
    """What happened, about whom, where. Nothing but the first is needed: what is passed over is
    left open, as if the person had said that they do not want to say."""

    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("You need not say who you are. Write in any language."),
        widget=forms.Textarea,
        max_length=20_000,
    )
    about = forms.ChoiceField(
        label=_("Who is it about?"),
        help_text=_(
            "You need not say, and need not name anyone. The complaint is read and answered "
            "all the same."
        ),
        choices=Complaint.About.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    matter = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_(
            "You can skip this too. It is then read as quickly as the most urgent complaints."
        ),
        choices=Complaint.Matter.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    site = forms.ChoiceField(
        label=_("Which place is it about?"),
        help_text=_(
            "No one who works at the place you choose reads it. If you choose none, everyone "
            "who answers complaints for the whole organisation may read it."
        ),
        required=False,
    )
    contact = forms.CharField(
        label=_("Can you be contacted if you want that, and how?"),
        help_text=_("Only if it is safe for you. You can leave it empty."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        """sites: places that it may be about."""
        super().__init__(*args, **kwargs)
        self.sites = _offer(self, sites, _("no one place, or I do not want to say"))

    def clean_about(self) -> str:
        return self.cleaned_data["about"] or Complaint.About.UNSAID.value

    def clean_matter(self) -> str:
        return self.cleaned_data["matter"] or Complaint.Matter.UNSAID.value

    def clean_site(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])


class KnownForm(forms.Form):
    """What became clear of a complaint: one question for each part that was left open."""

    about = forms.ChoiceField(
        label=_("About whom"),
        choices=_without_open(Complaint.About.choices),
        widget=forms.RadioSelect,
        required=False,
    )
    matter = forms.ChoiceField(
        label=_("What it is about"),
        choices=_without_open(Complaint.Matter.choices),
        widget=forms.RadioSelect,
        required=False,
    )
    site = forms.ChoiceField(
        label=_("Place"),
        help_text=_("From then on no one who works there reads it, including you."),
        required=False,
    )

    def __init__(
        self, *args: Any, sites: Iterable[Site], complaint: Complaint, **kwargs: Any
    ) -> None:
        """sites: places that it may be about."""
        super().__init__(*args, **kwargs)
        self.sites = _offer(self, sites, _("not known"))
        for name in set(self.fields) - set(complaint.open_parts):
            del self.fields[name]

    def clean_site(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])


def _offer(form: forms.Form, sites: Iterable[Site], none: object) -> dict[str, Site]:
    """Put the places into the form, below none; the places by what the browser sends for them."""
    by_reference = {site.reference: site for site in sites}
    field = form.fields["site"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared in both forms
    names = ((key, site.name) for key, site in by_reference.items())
    field.choices = [("", none), *names]
    return by_reference

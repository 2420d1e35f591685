"""The form of a country profile. Its fields are named as the columns."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.registry.choices import listed_only


def _line(label: object, hint: object = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        max_length=200,
        required=False,
        widget=widget,
    )


def _days(label: object) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,  # type: ignore[arg-type]
        help_text=_("Leave empty if the law does not say."),
        required=False,
    )


class ProfileForm(forms.Form):
    """Every field but the second look may stay empty: what is not known is not made up."""

    authority = _line(
        _("Which authority identifies victims?"),
        _("Leave empty if the law names none: then no one waits for a decision."),
    )
    authority_kind = forms.ChoiceField(
        label=_("What type is it?"),
        choices=listed_only("vic_trafficking_status_decision_making_org"),
    )
    mechanism = _line(_("National referral mechanism"), _("Leave empty if there is none."))
    reflection_days = _days(_("Time to recover and decide (days)"))
    decision_days = _days(_("Decision due within (days)"))
    appeal_days = _days(_("Appeal possible within (days)"))
    review_hours = forms.IntegerField(
        label=_("Review of a presumption within (hours)"),
        help_text=_("Help begins at once and does not wait for it."),
        initial=72,
    )
    source = forms.CharField(
        label=_("Law or procedure"),
        help_text=_(
            "Title, article and date, or where it can be read. Required for the details above."
        ),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    mandate = forms.CharField(
        label=_("Mandate for child protection"),
        help_text=_(
            "The law or decision that makes your own organisation the child-protection agency "
            "there. Leave empty if it is not. With it, a child can be referred within your own "
            "site, to another person."
        ),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "autocomplete": "off"}),
    )

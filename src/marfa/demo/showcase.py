"""What the living page of the components shows: fictional, and the same at every visit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from marfa.domain.addressee import Addressee
from marfa.domain.message import Message

ARRIVAL = datetime(2026, 3, 8, 6, 40, tzinfo=UTC)


class ShowForm(forms.Form):
    """One field of each kind."""

    word = forms.CharField(
        label=_("Code word"), help_text=_("One word, without anyone’s name."), max_length=20
    )
    language = forms.ChoiceField(
        label=_("Language of the interview"),
        choices=[("ar", _("Arabic")), ("ku", _("Kurdish")), ("fr", _("French"))],
    )
    place = forms.ChoiceField(
        label=_("Where did the interview take place?"),
        widget=forms.RadioSelect,
        choices=[("tent", _("In a tent")), ("house", _("In a house")), ("ship", _("On a ship"))],
    )
    needs = forms.MultipleChoiceField(
        label=_("What is needed today?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("water", _("Water")),
            ("sleep", _("A place to sleep")),
            ("doctor", _("A doctor")),
        ],
    )
    told = forms.CharField(label=_("What was said"), widget=forms.Textarea)
    agreed = forms.BooleanField(label=_("I have read the answers to the person."))


def showcase_context(wrong: bool) -> dict[str, Any]:
    """The context of the page. wrong: as it looks when the form was sent empty."""
    return {
        "form": ShowForm({}) if wrong else ShowForm(initial={"place": "tent", "needs": ["water"]}),
        "date": {"day": "8", "month": "3", "year": "2026"},
        "harbours": [(_("North harbour"), 48), (_("Island"), 31), (_("Hill camp"), 112)],
        "counts": [(_("Women"), 64, 52, 79), (_("Girls"), 21, 13, 30), (_("Men"), 33, 25, 43)],
        "arrival": ARRIVAL,
        "pages": Paginator(range(240), 20).get_page(4),
        "here": 1234567.5,
        "may_stop": [Message("demo:may-stop", addressee=each) for each in Addressee],
    }

"""The forms of places and placements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import CarePlace, Placement
from marfa.apps.alternative_care.models.places import MOST_CHILDREN
from marfa.apps.alternative_care.queries import TAKES
from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import code_choices
from marfa.apps.organisations.models import Site
from marfa.apps.tracing.forms import AgreedForm

COLUMNS = (
    *("kind", "label", "name", "address", "words", "capacity", "held"),
    *("age_from", "age_to", "takes", "step_free", "equipped"),
)


class PlaceForm(forms.Form):
    """Who takes whom."""

    kind = forms.ChoiceField(label=_("Kind of care"))
    label = forms.CharField(
        label=_("Short name"),
        help_text=_("It stands in lists: no name of a person and no street."),
        max_length=40,
    )
    name = forms.CharField(label=_("Name of the caregiver, or of the place"))
    address = forms.CharField(
        label=_("Address and telephone"), required=False, widget=forms.Textarea
    )
    capacity = forms.IntegerField(
        label=_("For how many children?"), min_value=1, max_value=MOST_CHILDREN
    )
    held = forms.IntegerField(
        label=_("How many of these are held back?"),
        help_text=_("Used by others, or kept free for an emergency."),
        min_value=0,
        initial=0,
    )
    age_from = forms.IntegerField(label=_("Age, at least"), min_value=0, initial=0)
    age_to = forms.IntegerField(label=_("Age, at most"), max_value=25, initial=17)
    takes = forms.ChoiceField(
        label=_("Whom does it take?"), choices=TAKES, widget=forms.RadioSelect, initial="all"
    )
    step_free = forms.BooleanField(label=_("Step-free, for a wheelchair"), required=False)
    equipped = forms.BooleanField(
        label=_("Equipped for children who see, hear or learn otherwise"), required=False
    )
    words = forms.CharField(
        label=_("What else has to be known?"), required=False, widget=forms.Textarea
    )

    def __init__(self, data: Any, place: CarePlace | None = None) -> None:
        known = {name: getattr(place, name) for name in COLUMNS} if place is not None else None
        super().__init__(data, initial=known)
        self.fields["kind"].choices = code_choices("care_kinds")  # type: ignore[attr-defined]


class NewPlaceForm(PlaceForm):
    """The same with its site."""

    site = forms.ChoiceField(label=_("Which site looks after it?"))

    def __init__(self, data: Any, sites: list[Site]) -> None:
        super().__init__(data)
        named = [(each.reference, each.name) for each in sites]
        self.fields["site"].choices = named  # type: ignore[attr-defined]


class PlacementForm(AgreedForm):
    """How a child is placed."""

    place = forms.ChoiceField(label=_("Where?"), widget=forms.RadioSelect)
    sort = forms.ChoiceField(
        label=_("How?"), choices=Placement.Sort.choices, widget=forms.RadioSelect, initial="short"
    )
    view = forms.CharField(
        label=_("What does the child say of it?"), required=False, widget=forms.Textarea
    )
    text = forms.CharField(
        label=_("Why there?"),
        help_text=_("Needed for an emergency."),
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, data: Any, case: Case, places: list[tuple[str, str]]) -> None:
        super().__init__(data, case)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].initial = places[0][0]


class MoveForm(PlacementForm):
    """The same for a child who lives elsewhere."""

    why = forms.CharField(label=_("Why does the child move?"), widget=forms.Textarea)

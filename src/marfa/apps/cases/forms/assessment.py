"""The forms of the assessment. Their fields are named as the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField, ChoiceField, Form, IntegerField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models import AssessmentArea
from marfa.apps.form_pages.parts import FormInput, PartsField
from marfa.apps.registry.birth_field import in_words, show_birth
from marfa.apps.registry.choices import listed_only, optional_code_choices
from marfa.apps.registry.labels import country_label, country_options, typed_country
from marfa.domain.dates import DayMonthOrder, parse_date, to_storage
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError

LONGEST = 5000
FEWEST, MOST = 3, 12
"""Countries of a way for which there is room; there is always room for more than are stored."""

ANSWERS: list[tuple[str, str | Promise]] = [
    ("", _("not asked")),
    ("yes", _("yes")),
    ("no", _("no")),
    ("unknown", _("does not know")),
    ("declined", _("does not want to say")),
]
YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
Choices = list[tuple[str, str | Promise]]


def _text(label: object, hint: object = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"dir": "auto", "autocomplete": "off", "rows": 4})
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        max_length=LONGEST,
        required=False,
        widget=widget,
    )


def _line(label: object, hint: object = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        max_length=200,
        required=False,
        widget=widget,
    )


def _several(label: object, name: str, hint: object = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,  # type: ignore[arg-type]
        help_text=hint,  # type: ignore[arg-type]
        choices=listed_only(name),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AreaForm(forms.Form):
    """One area of an assessment: what is said stands apart from what is seen."""

    words = _text(_("What does the person say, in their own words?"))
    seen = _text(
        _("What did you see yourself?"), _("What you saw or heard, apart from what was said.")
    )
    need = forms.ChoiceField(
        label=_("Is help needed here?"),
        choices=listed_only("assessment_needs"),
        required=False,
        widget=forms.RadioSelect,
    )
    state = forms.ChoiceField(
        label=_("How far did the discussion get?"),
        choices=AssessmentArea.State.choices,
        widget=forms.RadioSelect,
    )


def area_form(questions: Mapping[str, str]) -> type[AreaForm]:
    """The form of one area. questions: key -> words as they are put to the person."""
    if not questions:
        return AreaForm
    field = PartsField(
        parts=lambda _answers: list(questions.items()),
        choices=lambda: ANSWERS,
        label=_("Questions of the guide"),
    )
    return type("GuidedAreaForm", (AreaForm,), {"answers": field, "field_order": ("answers",)})


class DateField(forms.CharField):
    """A date as somebody knows it: a year, a month, about; as it is stored, or nothing."""

    def __init__(self, **given: object) -> None:
        super().__init__(
            **{  # type: ignore[arg-type]
                "required": False,
                "max_length": 80,
                "help_text": _("As precisely as it is known: 2024, March 2024, about 2023."),
                "widget": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
                **given,
            }
        )

    def clean(self, value: object) -> str:
        said = latin_digits(without_marks(str(value or ""))).strip()
        if not said:
            return ""
        try:
            return to_storage(parse_date(said, order=DayMonthOrder.DAY_FIRST))
        except InputError as error:
            raise ValidationError(in_words(error)) from None

    def prepare_value(self, value: object) -> object:
        return show_birth(str(value)) if value else ""


class WayField(PartsField):
    """Countries of a way, in their order; the same may stand there twice."""

    def __init__(self, **given: object) -> None:
        super().__init__(parts=_rooms, choices=_countries, **given)

    def split(self, value: object) -> dict[str, str]:
        if isinstance(value, Mapping):
            return {part: typed_country(text) for part, text in super().split(value).items()}
        codes = value if isinstance(value, (list, tuple)) else ()
        return {str(place): str(code) for place, code in enumerate(codes)}

    def inputs(self, bound: BoundField) -> Iterator[FormInput]:
        """A line for each country, with its name, or with what was typed where it is none."""
        for each in super().inputs(bound):
            yield replace(each, value=country_label(each.value) if each.value else "")

    def join(self, answers: Mapping[str, str]) -> object:
        places = sorted(answers, key=int)
        return [answers[place] for place in places] or None


def _rooms(answers: Mapping[str, str]) -> Choices:
    places = [int(each) for each in answers if each.isascii() and each.isdigit()]
    number = max([FEWEST, *(place + 2 for place in places)])
    label = gettext("Country %(number)s of the route")
    return [(str(place), label % {"number": place + 1}) for place in range(min(number, MOST))]


def _countries() -> Choices:
    return [("", _("not said")), *country_options()]


class EpisodeForm(Form):
    """One episode. It has no field for what the person was made to do."""

    forms = _several(
        _("What was done to the person?"), "exploitation_forms", _("Several may be chosen.")
    )
    since = DateField(label=_("From when?"))
    until = DateField(
        label=_("Until when?"), help_text=_("Leave empty if it continues, or no one knows.")
    )
    age = IntegerField(
        label=_("How old was the person when it began, in years?"),
        required=False,
        min_value=0,
        max_value=120,
    )
    countries = WayField(
        label=_("Which route was taken?"), help_text=_("Countries in the order of the route.")
    )
    place = _line(_("Where was it?"))
    conflict_links = _several(
        _("How is it linked to an armed conflict?"),
        "conflict_link",
        _("Several may be chosen; “no link” and “not known” cannot be combined with others."),
    )
    group = _line(_("Which armed group was it, in the person’s own words?"))
    state_actor = ChoiceField(
        label=_("Did an agent of a State take part?"), choices=YES_NO, required=False
    )
    relation = ChoiceField(
        label=_("What was the relationship between the person and whoever did it?"),
        choices=optional_code_choices("vic_relationship_to_trafficker"),
        required=False,
    )
    recruitment = _several(_("How was the person recruited?"), "vic_method_of_recruitment")
    control = _several(_("How was the person controlled?"), "vic_methods_of_control")
    industries = _several(_("In which work?"), "vic_forced_labour_industry")
    sexual = _several(
        _("If it was sexual exploitation, of what kind?"), "vic_type_of_sex_exploitation"
    )
    words = _text(
        _("What does the person tell, in their own words?"),
        _(
            "Do not write here what the person may have been forced to do: that is recorded "
            "with counsel, or not at all."
        ),
    )

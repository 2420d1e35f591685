"""Fields of a person with several answers: citizenships, and what the person finds difficult.

The six questions and their four answers are the Short Set on Functioning of the Washington Group
on Disability Statistics, asked of everybody in the same words, so that figures can be compared.
The answers are coded 1 to 4 as there (``wg_code`` of the list ``wg_levels``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.form_pages.parts import FormInput, PartsField
from marfa.apps.registry.choices import optional_code_choices
from marfa.apps.registry.labels import country_label, country_options, typed_country

QUESTIONS: Mapping[str, str | Promise] = {
    "seeing": _("Do you have difficulty seeing, even if wearing glasses?"),
    "hearing": _("Do you have difficulty hearing, even if using a hearing aid?"),
    "walking": _("Do you have difficulty walking or climbing steps?"),
    "remembering": _("Do you have difficulty remembering or concentrating?"),
    "self_care": _("Do you have difficulty with self-care, such as washing all over or dressing?"),
    "communicating": _(
        "Using your usual language, do you have difficulty communicating, for example"
        " understanding or being understood?"
    ),
}
FEWEST, MOST = 2, 12
"""Citizenships for which there is room; there is always room for one more than are stored."""

Choices = list[tuple[str, str | Promise]]


class FunctioningField(PartsField):
    """Domain -> level. A question that is not answered is not in it."""

    def __init__(self, **given: object) -> None:
        super().__init__(
            parts=lambda _answers: list(QUESTIONS.items()),
            choices=optional_code_choices("wg_levels"),
            **given,
        )


class CitizenshipsField(PartsField):
    """Codes of ISO 3166-1, each once. A country is typed, by its name or code, and looked for in
    the list as it is typed."""

    def __init__(self, **given: object) -> None:
        super().__init__(parts=_rooms, choices=_countries, **given)

    def split(self, value: object) -> dict[str, str]:
        if isinstance(value, Mapping):
            return {part: typed_country(text) for part, text in super().split(value).items()}
        codes = value if isinstance(value, (list, tuple)) else ()
        return {str(place): str(code) for place, code in enumerate(codes)}

    def join(self, answers: Mapping[str, str]) -> object:
        return list(dict.fromkeys(answers.values())) or None

    def inputs(self, bound: BoundField) -> Iterator[FormInput]:
        """A line for each country, with its name, or with what was typed where it is none."""
        for each in super().inputs(bound):
            yield replace(each, value=country_label(each.value) if each.value else "")


def _rooms(answers: Mapping[str, str]) -> Choices:
    """A room for each citizenship, and one more."""
    places = [int(each) for each in answers if each.isascii() and each.isdigit()]
    number = max([FEWEST, *(place + 2 for place in places)])
    label = gettext("Citizenship %(number)s")
    return [(str(place), label % {"number": place + 1}) for place in range(min(number, MOST))]


def _countries() -> Choices:
    return [("", _("not said")), *country_options()]

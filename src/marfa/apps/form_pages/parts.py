"""A field that is answered in several inputs, such as one question for each of six abilities.

Its inputs are called ``<field>-<part>``. A draft holds it as texts ``part=answer``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Choices = Iterable[tuple[str, str | Promise]]


@dataclass(frozen=True)
class FormInput:
    """One input. name: as it is sent; value: the code that was chosen, or nothing."""

    name: str
    label: str | Promise
    value: str
    choices: Choices


class PartsInput(forms.Widget):
    """Reads the parts that were sent, as inputs of their own or as a draft holds them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        whole = dict(given) if isinstance(given, Mapping) else from_texts(given or [])
        start = f"{name}-"
        own = {key[len(start) :]: str(data[key]) for key in data if key.startswith(start)}
        return {**whole, **own}


class PartsField(forms.Field):
    """A mapping of part to code; parts that are left open are not in its clean value.

    parts: name and label of each, for what is stored. choices: the codes that each part may have.
    """

    widget = PartsInput

    def __init__(
        self,
        *,
        parts: Callable[[Mapping[str, str]], Choices],
        choices: Callable[[], Choices],
        **given: Any,
    ) -> None:
        super().__init__(required=False, **given)
        self.parts, self.codes = parts, choices

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        """Every ``part=answer`` with its label, for who reads what two people typed."""
        return [
            (f"{part}={code}", f"{label}: {answer}")
            for part, label in self.parts({})
            for code, answer in self.codes()
            if code
        ]

    def read(self, data: Any, name: str) -> dict[str, str]:
        """The parts as they were sent."""
        return PartsInput().value_from_datadict(data, {}, name)

    def split(self, value: object) -> dict[str, str]:
        """A stored value as answers by part."""
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}

    def join(self, answers: Mapping[str, str]) -> object:
        """Answers by part as they are stored; None where all are open."""
        return dict(answers) or None

    def clean(self, value: Any) -> object:
        answers = {part: code for part, code in self.split(value).items() if code}
        known = {code for code, _label in self.codes()}
        parts = {part for part, _label in self.parts(answers)}
        if not (set(answers) <= parts and set(answers.values()) <= known):
            raise ValidationError(_("This is not one of the answers."))
        return self.join(answers)

    def inputs(self, bound: BoundField) -> Iterator[FormInput]:
        """The inputs to draw, with what was answered."""
        answers = self.split(bound.value())
        codes = list(self.codes())
        for part, label in self.parts(answers):
            yield FormInput(f"{bound.html_name}-{part}", label, answers.get(part, ""), codes)


def from_texts(texts: Iterable[object]) -> dict[str, str]:
    """What a draft holds as answers by part."""
    pairs = (str(text).partition("=") for text in texts)
    return {part: answer for part, mark, answer in pairs if mark}


def as_texts(answers: Mapping[str, str]) -> list[str]:
    """Answers by part as a draft holds them."""
    return [f"{part}={answer}" for part, answer in answers.items() if answer]

"""The pictures of a plan that a child can read: drawn for Marfa, the same from both sides.

Each has a sentence to the child. None says why the child is here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Pictogram:
    """code: of its file. words: what is said to the child beside it."""

    code: str
    words: Promise

    @property
    def file(self) -> str:
        """The drawing, a template that puts the words into its title."""
        return f"children/pictograms/{self.code}.svg"


PICTOGRAMS = (
    Pictogram("safe_place", pgettext_lazy("to a child", "A safe place for me")),
    Pictogram("sleep", pgettext_lazy("to a child", "A bed to sleep in")),
    Pictogram("food", pgettext_lazy("to a child", "Something to eat and drink")),
    Pictogram("doctor", pgettext_lazy("to a child", "Someone who looks after my health")),
    Pictogram("talk", pgettext_lazy("to a child", "Someone to speak with, when I want")),
    Pictogram("helper", pgettext_lazy("to a child", "A grown-up who stands by me")),
    Pictogram("school", pgettext_lazy("to a child", "Learning")),
    Pictogram("play", pgettext_lazy("to a child", "Time to play")),
    Pictogram("family", pgettext_lazy("to a child", "Asking about my family, if I want")),
    Pictogram("say_no", pgettext_lazy("to a child", "I can say no or stop")),
)


def chosen_pictograms(codes: Collection[str]) -> list[Pictogram]:
    """Those that were chosen, in the order of the list."""
    return [each for each in PICTOGRAMS if each.code in codes]

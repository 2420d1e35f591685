"""How a person is spoken to, in languages whose verbs and adjectives tell."""

from __future__ import annotations

from enum import StrEnum


class Addressee(StrEnum):
    """How the person is spoken to; each is the context of a form in the catalogues."""

    FEMININE = "feminine"
    MASCULINE = "masculine"

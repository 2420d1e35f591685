"""The guide of the individual assessment: short questions by area, in the words of the project.

It asks what somebody needs. What they may have been forced to do is asked nowhere (resolution
2388, OP17): it is written down with counsel, or not at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.registry.models import Person
from marfa.domain.addressee import Addressee
from marfa.methods.screening.text_packs import Text

SET = "assessment"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Guide:
    """areas: code of ``assessment_areas`` -> keys of its questions. source: where they are from."""

    version: str
    status: str
    source: str
    areas: Mapping[str, tuple[str, ...]]


@cache
def load_guide() -> Guide:
    """The guide as it comes with the software."""
    told = tomllib.loads((HERE / "assessment_guide.toml").read_text(encoding="utf-8"))
    areas = {area: tuple(keys) for area, keys in told["areas"].items()}
    return Guide(told["version"], told["status"], told["source"], areas)


def area_questions(area: str, person: Person, language: str) -> dict[str, str]:
    """The questions of an area as they are put to a person; as ``all_questions``."""
    asked = all_questions(person, language)
    return {key: asked[key] for key in load_guide().areas.get(area, ()) if key in asked}


def all_questions(person: Person, language: str) -> dict[str, str]:
    """All questions as they are put to a person: in the form of their sex, in both where it is not
    known. It reads the packs; whoever lists many areas asks once.

    Empty where real people are served and nobody has reviewed the words: then the worker speaks
    in their own, and nothing else is missing.
    """
    found = load_leaflets(SET, HERE / "texts")
    leaflet = found.get(language.split("-")[0]) or found["en"]
    if leaflet.drafts and not settings.DEMONSTRATION:
        return {}
    return {key: _said(text, person.sex) for key, text in leaflet.texts.items()}


def _said(text: Text, sex: str) -> str:
    forms = {"male": (Addressee.MASCULINE,), "female": (Addressee.FEMININE,)}
    words = [text.words(form) for form in forms.get(sex, tuple(Addressee))]
    return " / ".join(dict.fromkeys(words))

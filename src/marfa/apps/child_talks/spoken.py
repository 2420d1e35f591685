"""What is said to a child before a talk, in its own words: a text that is a draft until somebody
who knows children has reviewed it, as every text that is read out."""

from __future__ import annotations

from pathlib import Path

from marfa.apps.leaflets.packs import load_leaflets
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError

SET = "said-to-a-child"
OWN = Path(__file__).parent / "texts"


def spoken_lines(language: str, addressee: Addressee, *, live: bool) -> list[str]:
    """The lines, in a language that there is or else in English; nothing where live use has only a
    draft."""
    found = load_leaflets(SET, OWN)
    chosen = found.get(language.split("-")[0]) or found["en"]
    try:
        return chosen.lines(addressee, live=live)
    except InputError:
        return []

"""Amharic, Tigrinya and their neighbours, by anyascii's table of syllables (after BGN/PCGN 1967).

Names are chains: one's own, then the father's, then the grandfather's.
"""

from __future__ import annotations

from marfa.methods.names.writing_system import Script, Writing
from marfa.methods.names.writings import alphabets

WRITING = Writing(
    Script.ETHIOPIC,
    ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)),
    alphabets.read,
    leaves_vowels_out=True,
    chains=True,
    syllabic=True,
)

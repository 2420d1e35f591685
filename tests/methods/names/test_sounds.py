"""Words heard many at once against ``phone_similarity``, which hears them one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from marfa.methods.names import sounds
from marfa.methods.names.phones import COSTS, LEAST, phone_similarity
from marfa.methods.names.sounds import BAGS, BRIDGES, Sounds

PHONES = "".join(BAGS) + BRIDGES


def words(chance: random.Random) -> list[str]:
    """Random words, each with a neighbour of which a few phones are exchanged, lost or added."""
    found: list[str] = []
    for _number in range(200):
        word = [chance.choice(PHONES) for _sign in range(chance.randint(1, 12))]
        found.append("".join(word))
        for _change in range(chance.randint(0, 4)):
            at = chance.randrange(len(word) + 1)
            near = [*COSTS.get(word[min(at, len(word) - 1)], {}), *PHONES[:3]]
            word[at : at + chance.randint(0, 1)] = chance.choice([[], [chance.choice(near)]])
            word = word or ["a"]
        found.append("".join(word))
    return found


def compared(seed: int, floor: float) -> list[tuple[str, str, float, float]]:
    """Pairs of words with how alike they are one by one, and all at once above a floor."""
    chance = random.Random(seed)
    held = words(chance)
    asked = [chance.choice(held) for _word in held]
    asked[::2] = held[1::2]  # neighbours of those beside them
    rows = np.arange(len(held))
    abjad = np.array([chance.random() < 0.5 for _word in held])
    heard = Sounds.of(held).like(asked, rows, rows, abjad, floor)
    return [
        (one, other, phone_similarity(one, other, abjad=bool(leaves)), float(at_once))
        for one, other, leaves, at_once in zip(asked, held, abjad, heard, strict=True)
    ]


@pytest.mark.parametrize("floor", [LEAST, 0.8])
@pytest.mark.parametrize("seed", range(5))
def test_nothing_above_the_floor_is_left_out_or_heard_otherwise(seed: int, floor: float) -> None:
    pairs = compared(seed, floor)
    assert sum(alone >= floor for _one, _other, alone, _at_once in pairs) > 30
    wrong = [
        (one, other, alone, at_once)
        for one, other, alone, at_once in pairs
        if (alone >= floor + 1e-3 and abs(alone - at_once) > 1e-3)
        or (alone < floor - 1e-3 and at_once > 0)
    ]
    assert wrong == []


def test_the_control_a_bound_that_is_too_high_loses_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = sounds._bag_distance
    monkeypatch.setattr(sounds, "_bag_distance", lambda one, other: bound(one, other) * 3)
    pairs = compared(0, LEAST)
    assert any(alone > LEAST + 1e-3 and not at_once for _one, _other, alone, at_once in pairs)

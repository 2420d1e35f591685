"""How far apart two names sound, when neither script nor spelling habit can be trusted.

A word is a string of phones, one character each:

``b p t d k g q f v s z l m n r w y h``  as in English (q is the uvular stop)
``S`` sh, ``C`` ch, ``J`` English j, ``x`` kh, ``G`` gh, ``T`` th (or t, s), ``D`` dh (or d, z),
``Z`` emphatic z, ``c`` ts (or s, Turkish j), ``j`` Latin j of unknown habit, ``X`` Latin x
``a e i o u`` short vowels, ``U E O`` long ones, ``H`` an h that may be silent, ```` ` ```` ayn
``A W Y`` alef, waw, ya of Arabic script: a long vowel, a glide or a seat

The distance is a weighted edit distance (Wagner & Fischer 1974) whose costs are those of
letters that romanisations exchange. A writing without short vowels makes vowels of the other
nearly free. The weights are linguistic and set by hand; they are not fitted to name pairs.
"""

from __future__ import annotations

import math

VOWELS = "aeiouUEO"
WEAK = "AWYH`"
CLOSING = "aiouUEO"

# Pairs of consonant phones that one name may be written with, dearest last.
_NEAR: dict[float, str] = {
    0.08: "qk Tt Dd CS jJ xh ck cC hH Xx XS Xh jy yi Ei wW uW oW UW OW vW iY eY EY yY aA eA Zz ZD",
    0.15: "gG kg qg Dz DT cs fv Ts cz wv Xk ZD cJ wu wU wO iE eE oU uU oO UO yE aO",
    0.25: "gk Cx gJ gj qG sS zs Jz JC jC bp td Tc TS dt zZ xG Xs xk Gk Gx hG qx Cc bv jz aA oA aE "
    "uO eO jx jh CJ kc zJ gh Gh",
    0.40: "rl nm pf Ck wb Jy Jd zd Jg ks sJ kC iA uA EA aY aW jY oY uY UY iW eW EW",
}

_VOWEL_PAIRS: dict[str, float] = {
    "ae": 0.12, "ai": 0.22, "ao": 0.2, "au": 0.2, "ei": 0.1, "eo": 0.25, "eu": 0.25, "io": 0.3,
    "iu": 0.25, "ou": 0.08, "aU": 0.25, "eU": 0.3, "iU": 0.3, "oU": 0.05, "uU": 0.03, "aE": 0.15,
    "eE": 0.05, "iE": 0.05, "oE": 0.3, "uE": 0.3, "aO": 0.1, "eO": 0.3, "iO": 0.3, "oO": 0.05,
    "uO": 0.12, "UE": 0.3, "UO": 0.1, "EO": 0.3,
}  # fmt: skip


def _costs() -> dict[str, dict[str, float]]:
    """Cost of reading one phone for another; pairs that are not here cost 1."""
    table: dict[str, dict[str, float]] = {}

    def put(pair: str, cost: float) -> None:
        first, second = pair[0], pair[1]
        for one, other in ((first, second), (second, first)):
            row = table.setdefault(one, {})
            row[other] = min(cost, row.get(other, 1.0))

    for cost, pairs in _NEAR.items():
        for pair in pairs.split():
            put(pair.partition("-")[0], cost)
    for pair, cost in _VOWEL_PAIRS.items():
        put(pair, cost)
    for vowel in "aeiouUEO":
        put("`" + vowel, 0.03)
    for weak, letters in {"A": "eiou", "H": "aet"}.items():
        for letter in letters:
            put(weak + letter, 0.1)
    put("`A", 0.1)
    put("`H", 0.3)
    put("YW", 0.5)
    put("YA", 0.3)
    put("WA", 0.4)
    return table


COSTS = _costs()

PLAIN_DROP = {
    **dict.fromkeys("aeiou", 0.35),
    **dict.fromkeys("UEO", 0.4),
    "h": 0.5,
    "H": 0.05,
    "`": 0.1,
    "y": 0.5,
    "w": 0.7,
    "A": 0.35,
    "W": 0.5,
    "Y": 0.5,
}
"""Both writings have vowels, or neither has."""

ABJAD_DROP = {
    **dict.fromkeys("aeiou", 0.03),
    "U": 0.12,
    "E": 0.2,
    "O": 0.15,
    "h": 0.6,
    "H": 0.03,
    "`": 0.06,
    "y": 0.3,
    "w": 0.6,
    "A": 0.3,
    "W": 0.45,
    "Y": 0.5,
}
"""One writing leaves short vowels out."""

PLAIN_WEIGHT = {
    **dict.fromkeys("aeiouUEO", 0.35),
    "H": 0.1,
    "`": 0.2,
    "A": 0.35,
    "W": 0.5,
    "Y": 0.5,
}
ABJAD_WEIGHT = {
    **dict.fromkeys("aeiouUEO", 0.1),
    "H": 0.1,
    "`": 0.15,
    "A": 0.15,
    "W": 0.4,
    "Y": 0.4,
}


def phone_similarity(first: str, second: str, *, abjad: bool) -> float:
    """1 for the same sound, 0 for nothing in common, or for less than LEAST.

    abjad: whether exactly one of the two leaves short vowels out.
    """
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    drop = ABJAD_DROP if abjad else PLAIN_DROP
    size = max(_size(first, abjad), _size(second, abjad)) + 0.35
    cost = phone_distance(first, second, drop, size * (1.0 - LEAST))
    if abjad:
        cost += _ends(first, second) + _ends(second, first)
    return max(0.0, 1.0 - cost / size)


def _ends(voweled: str, abjad: str) -> float:
    """What a vowel at either end costs where the writing without short vowels shows none.

    A first vowel has a seat (alef, ayn) in such writings, and a last one is long and written.
    """
    cost = 0.0
    if voweled[0] in VOWELS and abjad[0] not in VOWELS + WEAK:
        cost += 0.35
    if voweled[-1] in CLOSING and abjad[-1] not in VOWELS + WEAK:
        cost += 0.25
    return cost


def _size(phones: str, abjad: bool) -> float:
    weight = ABJAD_WEIGHT if abjad else PLAIN_WEIGHT
    return sum([weight.get(phone, 1.0) for phone in phones])


LEAST = 0.45
"""Likeness below this is not told from none: parts of names do not meet by so little."""


def phone_distance(
    first: str, second: str, drop: dict[str, float], most: float = math.inf
) -> float:
    """Cheapest way from one string of phones to the other; O(len(first) x len(second)).

    most: infinity where it costs more than this."""
    drops = [drop.get(phone, 1.0) for phone in second]
    row = [0.0]
    total = 0.0
    for cost in drops:
        total += cost
        row.append(total)
    pairs = list(zip(second, drops, strict=True))
    empty: dict[str, float] = {}
    for phone in first:
        costs = COSTS.get(phone, empty)
        gone = drop.get(phone, 1.0)
        diagonal = row[0]
        left = diagonal + gone
        new = [left]
        for (other, lost), above in zip(pairs, row[1:], strict=True):
            best = diagonal if phone == other else diagonal + costs.get(other, 1.0)
            if above + gone < best:
                best = above + gone
            if left + lost < best:
                best = left + lost
            new.append(best)
            diagonal = above
            left = best
        if min(new) > most:
            return math.inf
        row = new
    return row[-1]


_CLASSES = str.maketrans(
    {
        **dict.fromkeys("bp", "b"),
        **dict.fromkeys("fv", "f"),
        **dict.fromkeys("tdTD", "t"),
        **dict.fromkeys("kgqGxX", "k"),
        **dict.fromkeys("szScCJjZ", "s"),
        **dict.fromkeys("aeiouUEOAWY`Hhwy", ""),
    }
)


def skeleton(phones: str) -> str:
    """Consonants by class, vowels, glides and h left out: ``muhammad`` and ``محمد`` are ``mmt``.

    Doubled classes are kept once. Where nothing would remain the word begins with ``-``.
    """
    found: list[str] = []
    for letter in phones.translate(_CLASSES):
        if not found or found[-1] != letter:
            found.append(letter)
    return "".join(found) or "-" + phones[:1].translate(_INITIAL)


_INITIAL = str.maketrans({**dict.fromkeys("aeiouUEOA`", "a"), **dict.fromkeys("wW", "w"), "Y": "y"})


_SECOND_READING = str.maketrans("DTZJjcCXx", "ssskkkkks")
_THIRD_READING = str.maketrans({"v": "", "J": "y", "j": "y", "X": "", "x": "", "g": "s"})


def skeletons_of(phones: str) -> set[str]:
    """Skeletons of one string of phones, by each way in which phones may fall into classes."""
    return {
        skeleton(phones),
        skeleton(phones.translate(_SECOND_READING)),
        skeleton(phones.translate(_THIRD_READING)),
    }

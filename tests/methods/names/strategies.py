"""Names for property tests: letters of many scripts, and people with their spellings."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

LATIN = "abcdefghijklmnopqrstuvwxyzéüçñøßıłğABCDEFGHIJKLMNOPQRSTUVWXYZ"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآءؤئپچژگکیہ"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
HAN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
SIGNS = " -'’.,()/0123456789٠١٢٣"

words = st.one_of(
    st.text(LATIN, min_size=1, max_size=10),
    st.text(ARABIC, min_size=1, max_size=8),
    st.text(CYRILLIC, min_size=1, max_size=8),
    st.text(HAN, min_size=1, max_size=3),
    st.sampled_from(["al", "Abd", "bin", "عبد", "الله", "Abu", "von", "Dr", "Ltd", "al-Din", "M."]),
)
names = st.lists(words, min_size=1, max_size=6).map(" ".join)
"""What people write as names."""

anything = st.text(st.characters(), max_size=60) | st.text(LATIN + ARABIC + SIGNS, max_size=40)
"""What gets into a field all the same."""


KNOWN = (
    *("Mohamed", "Muhammad", "Ahmad", "Ali", "Hassan", "Saleh", "Abdullah", "Abd-al-Rahman"),
    *("Nour-Eddine", "Kashlaf", "Haddad", "al-Masri", "Milad", "Omar", "Karim", "Kidane", "Tesfay"),
    *("Petrov", "Ivan", "Vladimir", "Putin", "Diallo", "Jean", "Pierre", "Osman", "Mahmud"),
    *("Alexander", "Sasha", "Noureldin", "Abu-Bakr", "Sheikh", "bin", "Khan", "محمد", "علي"),
    *("حسن", "كشلاف", "الميلاد", "حداد", "عمر", "كريم", "Иван", "Петров", "Владимир", "Хасан"),
    *("ኤርምያስ", "ገርማይ"),
)


def person(chance: Random) -> str:
    """A name of one to five parts, some of them of letters by chance, some in another script."""
    return " ".join(_part(chance) for _ in range(chance.choice((1, 2, 2, 3, 3, 4, 5))))


def _part(chance: Random) -> str:
    if chance.random() < 0.8:
        return chance.choice(KNOWN)
    syllables = ("ba", "dor", "fin", "gul", "kem", "lat", "mur", "nes", "rit", "sol", "tav", "zuk")
    return "".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize()


def spelling(chance: Random, name: str) -> str:
    """The name with parts joined, split, dropped, turned round, cut to a letter, one misspelt."""
    parts, misspelt, broken = name.split(), False, False
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(parts))
        part = parts[place]
        match chance.randrange(6):
            case 0 if not broken and place + 1 < len(parts) and _joins(part, parts[place + 1]):
                broken = True
                parts[place : place + 2] = [part + parts[place + 1].lower()]
            case 1 if not broken and len(part) > 7 and part.isalpha():
                broken = True
                cut = chance.randint(3, len(part) - 3)
                parts[place : place + 1] = [part[:cut], part[cut:]]
            case 2 if len(parts) > 2:
                parts.pop(place)
            case 3:
                parts = parts[1:] + parts[:1]
            case 4 if len(parts) > 2:
                parts[place] = part[0] + "."
            case 5 if len(part) > 5 and part.isascii() and part.isalpha() and not misspelt:
                misspelt = True
                parts[place] = part[:3] + chance.choice("aeiou") + part[4:]
            case _:
                pass
    return " ".join(parts)


def related(chance: Random, name: str) -> str:
    """A name that shares some parts with another: parts dropped, exchanged, added, turned round,
    said in another script, cut to letters, a letter said again, all said in two scripts, a body."""
    parts = name.split()
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(parts))
        match chance.randrange(9):
            case 0 if len(parts) > 1:
                parts.pop(place)
            case 1:
                parts[place] = _part(chance)
            case 2:
                parts.insert(place, _part(chance))
            case 3:
                parts = parts[place:] + parts[:place]
            case 4:
                parts[place] = ELSEWHERE.get(parts[place], parts[place])
            case 5:
                parts[place] = parts[place][0] + "."
            case 6:
                parts.insert(chance.randrange(len(parts) + 1), parts[place][0] + ".")
            case 7 if len(parts) < 4:
                parts += [ELSEWHERE.get(part, part) for part in parts]
            case 8:
                parts.append(chance.choice(("Bank", "Trading", "Ltd", "Dr", "7")))
            case _:
                pass
    return " ".join(parts)


ELSEWHERE = {
    "Mohamed": "محمد", "Ali": "علي", "Hassan": "حسن", "Kashlaf": "كشلاف", "Milad": "الميلاد",
    "Haddad": "حداد", "Omar": "عمر", "Karim": "كريم", "Ivan": "Иван", "Petrov": "Петров",
    "Vladimir": "Владимир", "Abd-al-Rahman": "Abdulrahman", "Nour-Eddine": "Noureldin",
    "محمد": "Muhammad", "علي": "Ali", "كشلاف": "Kashlaf", "Хасан": "Hasan", "Abdullah": "Abd Allah",
    "Abu-Bakr": "Aboubacar", "al-Masri": "المصري", "Saleh": "Salih", "Sheikh": "Cheikh",
}  # fmt: skip


def _joins(one: str, other: str) -> bool:
    alike = one.isascii() == other.isascii() and ord(one[0]) // 512 == ord(other[0]) // 512
    return alike and one.isalpha() and other.isalpha() and min(len(one), len(other)) > 3

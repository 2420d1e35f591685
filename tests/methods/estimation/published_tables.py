"""Capture tables printed in papers, each with its source; histories not named have count 0.

A history is written as 0 and 1 in the order of the lists.
"""

from __future__ import annotations

from marfa.methods.estimation import CaptureTable


def _table(lists: str, text: str) -> CaptureTable:
    pairs = (item.split(":") for item in text.split())
    return CaptureTable.of(
        lists.split(), [(int(history[::-1], 2), float(count)) for history, count in pairs]
    )


# Chan, Silverman and Vincent (2021), Table 2: made to show what can go wrong.
ARTIFICIAL = _table("A B C", "100:40 010:30 001:20 110:6")

# Ball and others (2018), "comfort women" in Palembang; Silverman, Chan and Vincent (2024).
KOREA = _table("b c d", "001:41 010:5 100:5 110:54 101:6 111:12")

# Ball and others (2002), killings in Kosovo; Silverman, Chan and Vincent (2024).
KOSOVO = _table(
    "EXH ABA OSCE HRW",
    "1000:1131 0100:845 0010:936 0001:306 1100:177 1010:228 1001:106 0110:217 0101:31 0011:123 "
    "1110:181 1101:18 1011:42 0111:32 1111:27",
)

# Home Office (Silverman 2014), United Kingdom 2013, six lists; PF and NCA joined for five.
UK_6 = _table(
    "LA NG PF GO GP NCA",
    "100000:54 010000:463 001000:907 000100:695 000010:316 000001:57 110000:15 101000:19 "
    "100100:3 011000:56 010100:19 010010:1 010001:3 001100:69 001010:10 001001:31 000110:8 "
    "000101:6 000011:1 111000:1 110100:1 011100:4 011001:3 001101:1 111100:1",
)
UK_5 = _table(
    "LA NG PFNCA GO GP",
    "10000:54 01000:463 00100:995 00010:695 00001:316 11000:15 10100:19 10010:3 01100:62 "
    "01010:19 01001:1 00110:76 00101:11 00011:8 11100:1 11010:1 01110:4 11110:1",
)

# Farrell and others (2019), a western site of the United States.
WESTERN = _table(
    "A B C D E",
    "10000:52 01000:90 00100:114 00010:45 00001:21 10100:4 10010:2 10001:5 01100:6 01010:1 "
    "00011:3 10101:1 01110:1",
)

# Bales, Murphy and Silverman (2020), New Orleans, lists B, E, F, G joined (Binette and Steorts).
NEW_ORLEANS_5 = _table(
    "A BEFG C D H",
    "10000:25 01000:24 00100:70 00010:33 00001:21 11000:1 10100:1 10010:2 01100:2 01010:2 "
    "01001:1 00110:1 11100:1 11010:1",
)

# Cruyff, van Dijk and van der Heijden (2017), Netherlands, lists I and O joined.
NETHERLANDS_5 = _table(
    "IO K P R Z",
    "10000:756 01000:1299 00100:4466 00010:650 00001:632 11000:1 10100:81 10010:5 10001:73 "
    "01100:44 01001:4 00110:82 00101:125 00011:2 10110:2 10101:11 00111:1",
)

# Lyneham, Dowling and Bricknell (2019), Australia.
AUSTRALIA = _table(
    "A B C D",
    "1000:34 0100:13 0010:198 0001:100 1100:3 1010:4 1001:1 0110:36 0101:2 1110:6 1101:1 "
    "0111:15 1111:1",
)

# Chao and others (1997), hepatitis A in Taiwan.
HEPATITIS = _table("A B C", "001:63 010:55 011:18 100:69 101:17 110:21 111:28")

"""Names for property tests: letters of many scripts, marks, signs, spaces."""

from __future__ import annotations

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

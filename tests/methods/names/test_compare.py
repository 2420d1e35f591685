"""Names that are known to be one, and names that are known not to be."""

from __future__ import annotations

import pytest

from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.methods.names import Band, compare, limits_for, normalise, skeleton, tokens
from marfa.methods.names.text import Script

# The spellings of the first line of this part's specification, and variants named in
# docs/methods/names.md: habits of English, French, German, Turkish and of the lists.
SAME = [
    ("محمد عبد الرحمن", "Mohamed Abderrahmane"),
    ("محمد عبد الرحمن", "MUHAMMAD ABD-AL-RAHMAN"),
    ("Mohamed Abderrahmane", "MUHAMMAD ABD-AL-RAHMAN"),
    ("عبدالله احمد", "عبد اللّه أحمد"),
    ("فاطمة الزهراء", "Fatima Zahra"),
    ("یوسف رضا گیلانی", "Yousaf Raza Gilani"),
    ("خالد شودري", "Khaled Chaudhry"),
    ("جمال شعبان", "Djamel Chaabane"),
    ("Cemal Şaban", "Jamal Shaban"),
    ("Wladimir Schukow", "Vladimir Shukov"),
    ("أبو بكر حسن", "Aboubakr Hassan"),
    ("سيف الدين الحاج", "Seifeddine El Hadj"),
    ("حميد الله نوري", "Hamidullah Noori"),
    ("Владимир Путин", "Vladimir Putin"),
    ("Магомед Алиев", "محمد علييف"),
    ("习近平", "Xi Jinping"),
    ("习近平", "Jinping XI"),
    ("毛泽东", "Mao Tse-tung"),
    ("单田芳", "Shan Tianfang"),
    ("欧阳娜娜", "Ouyang Nana"),
    ("김정은", "Kim Jong-un"),
    ("PUTIN, Vladimir", "Vladimir Putin"),
    ("V. Putin", "Vladimir Putin"),
    ("VladimirPutin", "Vladimir Putin"),
    ("Osama bin Laden", "Usama ibn Ladin"),
    ("Maxamed Cabdullaahi", "Mohamed Abdullahi"),
    ("Salah ad-Din Ahmad", "صلاح الدين أحمد"),
    ("Bill Clinton", "William Clinton"),
    ("Akrin Saleh (أقرين صالح)", "أقرين صالح"),
    ("Mohamed كشلاف", "محمد Kashlaf"),
    ("Mohamed محمد Kashlaf", "Mohamed Kashlaf"),
    ("Dr كشلاف محمد", "Mohamed Kashlaf"),
    ("Jack Ma 马云", "马云"),
    ("خالدعبد الحميد حسن", "Khaled Abdelhamid Hassan"),
    ("محمودابو بكر حسن", "Mahmoud Abu Bakr Hassan"),
    ("محمدبن سعود", "Mohamed Saud"),
]

DIFFERENT = [
    ("حسن محمود علي", "Hussein Mahmoud Ali"),
    ("Hasan Ibrahim", "Husayn Ibrahim"),
    ("Umar Khalil", "Amir Khalil"),
    ("Ahmad Rashid Karimi", "Ahmadi Rashid"),
    ("Abdul Rahman Yasin", "Abdul Rahim Yasin"),
    ("习近平", "Xi Jinpeng"),
    ("王伟", "Huang Wei"),
    ("Ivan Petrov", "Ivan Sidorov"),
    ("Иван Петров", "Ivan Sidorov"),
    ("Siemens AG", "Volkswagen AG"),
    ("Bank of China (Hong Kong)", "Bank of China (Singapore)"),
    ("Mahmud", "محمد 7"),
    ("Muhammad", "Muhammad Yusuf al-Masri"),
    # A part in another script is a part, and not a whole name by itself.
    ("Mohamed كشلاف", "Mohamed Petrov"),
    ("J. Mohamed Milad", "Mohamed J. J. كشلاف"),
    ("Osman Hassan حسن Ahmad", "Hassan حسن Petrov"),
    ("Mohamed كشلاف", "Mohamed"),
    # Nor is a number, before a name or behind it.
    ("7 Petrov", "7 Kashlaf"),
    # Letters tell little: many have a J in their name.
    ("J. Mohamed Milad", "Mohamed J."),
    ("B. bin", "Bamurrit bin"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_name(a: str, b: str) -> None:
    found = compare(a, b)
    assert found.match, [(p.left, p.right, p.meeting, p.likeness) for p in found.parts]


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_two_names(a: str, b: str) -> None:
    found = compare(a, b)
    assert not found.match, [(p.left, p.right, p.meeting, p.likeness) for p in found.parts]


RELATIVES = [
    ("Salim Mahmud Hasan al-Jabri", "Mahmud Hasan al-Jabri", "remark-lineage"),
    ("Salim Mahmud Hasan al-Jabri", "Faris Mahmud Hasan al-Jabri", "remark-first-name"),
    ("سالم محمود حسن الجابري", "Mahmud Hasan al-Jabri", "remark-lineage"),
    ("سالم محمود حسن الجابري", "Faris Mahmud Hasan al-Jabri", "remark-first-name"),
    ("Salman bin Yusuf al-Rawi", "Yusuf bin Salman al-Rawi", "remark-reversed"),
]


@pytest.mark.parametrize(("a", "b", "remark"), RELATIVES)
def test_relatives_are_told_apart_and_the_reason_is_given(a: str, b: str, remark: str) -> None:
    found = compare(a, b)
    assert not found.match
    assert remark in {message.key for message in found.remarks}


def test_missing_parts_cost_less_than_replaced_ones() -> None:
    missing = compare("Fazl Muhammad Mazlum", "Fazl Mazlum").score
    replaced = compare("Fazl Muhammad Mazlum", "Fazl Idris Mazlum").score
    assert compare("Fazl Mazlum", "Fazl Mazlum").score > missing > replaced


def test_explanation_says_what_met_what_in_every_language() -> None:
    found = compare("سالم محمود", "Salem Mahmoud Idris")
    parts = [(part.left, part.right, part.meeting) for part in found.parts]
    assert ("سالم", "salem", "family") in parts
    assert (None, "idris", "missing-left") in parts
    for language in LANGUAGES:
        sentences = [render_message(message, language) for message in found.explanation()]
        assert any("Salem" in sentence for sentence in sentences)
        assert "{" not in "".join(sentences)


def test_json_carries_the_threshold_and_its_data() -> None:
    data = compare("محمد علي", "Mohamed Ali").as_json()
    assert data["scripts"] == "Arab-Latn"
    assert data["match"] is True
    assert data["threshold"] == limits_for(Script.ARABIC, Script.LATIN).threshold
    assert data["threshold_measured_on"]


def test_limits_record_their_data_and_say_when_they_are_borrowed() -> None:
    own = limits_for(Script.LATIN, Script.ARABIC)
    assert own.borrowed_from is None
    assert own.true_pairs > 0
    assert own.false_pairs > 0
    assert own.review < own.threshold
    borrowed = limits_for(Script.GREEK, Script.LATIN)
    assert borrowed.borrowed_from == "Arab-Latn"
    assert borrowed.threshold == own.threshold
    assert limits_for(Script.GREEK, Script.GREEK).borrowed_from == "Latn-Latn"


def test_bands_follow_the_limits() -> None:
    limits = limits_for(Script.LATIN, Script.LATIN)
    assert limits.band(limits.threshold) is Band.LIKELY
    assert limits.band(limits.threshold - 0.001) is Band.POSSIBLE
    assert limits.band(limits.review - 0.001) is Band.UNLIKELY


# Letters of the same name at different desks: Unicode chapter 9.2; ALA-LC tables.
FOLDED = [
    ("أحمد", "احمد"),
    ("فاطمة", "فاطمه"),
    ("مصطفى", "مصطفي"),
    ("محـــمّد", "محمد"),
    ("ئۆمەر", "اومر"),
    ("ئـۆمەر", "اومر"),
    ("ئ\u064fۆمەر", "اومر"),
    ("کریم", "كريم"),
    ("ﻣﺤﻤﺪ", "محمد"),
    ("SA’D", "sad"),
    ("Ştefan Müller", "stefan muller"),
    ("IŞIK", "isik"),
    ("O'Brien-Smith, J.", "obrien smith j"),
    ("٢٠١٧", "2017"),
]


@pytest.mark.parametrize(("written", "normal"), FOLDED)
def test_normalise(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_skeleton_is_the_same_in_every_script() -> None:
    assert skeleton("محمد عبد الرحمن") == skeleton("Mohamed Abderrahmane")
    assert skeleton("Магомед") == skeleton("محمد") == skeleton("Mehmet")
    assert skeleton("حسن") == skeleton("Hassan")


# Parts as ALA-LC and the lists write them.
PARTS = [
    ("Abd al-Rahman", ["abdrahman"]),
    ("ABDURRAHMAN", ["abdrahman"]),
    ("Abderrahmane", ["abdrahmane"]),
    ("عبد الرحمن", ["عبدرحمن"]),
    ("عبدالرحمن", ["عبدرحمن"]),
    ("Saif al-Din al-Masri", ["saifdin", "masri"]),
    ("Hamid Ullah", ["hamidlah"]),
    ("Abu Bakr", ["abubakr"]),
    ("Ahmad bin Yusuf", ["ahmad", "bin", "yusuf"]),
    ("习近平", ["习", "近平"]),
    ("诸葛亮", ["诸葛", "亮"]),
    ("J. P. Morgan", ["jp", "morgan"]),
]


@pytest.mark.parametrize(("name", "parts"), PARTS)
def test_parts(name: str, parts: list[str]) -> None:
    assert [token.text for token in tokens(name)] == parts

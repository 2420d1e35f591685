"""Lists of one's own: profiling questions are refused, others pass, and two people sign.

The questions and the words that find them are by the same hand, so these figures are better than
those that strangers would find. One share was set aside before the words were gathered.
"""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from marfa.domain.message import InputError, Problem
from marfa.domain.prohibited_grounds.named_groups import languages_checked
from marfa.methods.screening import (
    Age,
    Answer,
    Library,
    Panel,
    PilotUse,
    check_file,
    examine,
    score,
)
from marfa.methods.screening import skeletons as made_files
from marfa.methods.screening.checks import problems_of_pack
from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.text_packs import Pack, Text
from marfa.methods.xforms import instrument_sheets
from tests.methods.screening.own_lists.harmless import HARMLESS
from tests.methods.screening.own_lists.held_out import HELD_OUT
from tests.methods.screening.own_lists.made import NAME, TWO, sign, write_list
from tests.methods.screening.own_lists.profiling import PROFILING
from tests.methods.screening.own_lists.second_look import HARMLESS_AFTER, PROFILING_AFTER
from tests.methods.screening.support import library
from tests.methods.xforms.guarded.questions import ORIGIN

Questions = Mapping[str, tuple[str, ...]]
FOUND = {"words-profile", "words-name-group", "words-never-asked", "words-not-at-first-contact"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    folder = tmp_path_factory.mktemp("own")
    write_list(folder)
    return Library([folder]).instrument(NAME)


def is_refused(own: Instrument, language: str, text: str) -> bool:
    pack = Pack(NAME, language, False, {"example": Text(text)}, "f.toml", {"example": 1}, own=True)
    return bool({one.message.key for one in problems_of_pack(pack, own)} & FOUND)


def share(name: str, own: Instrument, questions: Questions) -> float:
    tried = [(code, text) for code, texts in questions.items() for text in texts]
    passed = [(code, text) for code, text in tried if not is_refused(own, code, text)]
    sys.stdout.write(f"{name}: {len(tried) - len(passed)} of {len(tried)} refused\n")
    return 1 - len(passed) / len(tried)


def test_questions_that_profile_are_refused(own: Instrument) -> None:
    counted = sum(map(len, PROFILING.values())) + sum(map(len, HELD_OUT.values()))
    assert counted >= 200
    assert len(PROFILING) >= 15
    assert share("profiling", own, PROFILING) >= 0.97
    assert share("held out", own, HELD_OUT) >= 0.97
    assert share("written after", own, PROFILING_AFTER) >= 0.97
    # Those of the forms, which were written for another checker.
    assert share("of forms", own, {code: tuple(texts) for code, texts in ORIGIN.items()}) >= 0.97


def test_harmless_questions_pass(own: Instrument) -> None:
    assert sum(map(len, HARMLESS.values())) >= 200
    assert set(HARMLESS) == set(PROFILING) == languages_checked()
    assert share("harmless", own, HARMLESS) <= 0.02
    assert share("harmless, written after", own, HARMLESS_AFTER) <= 0.02


def test_the_built_in_words_would_pass_as_ones_own() -> None:
    tried = refused = 0
    for name in library().names():
        instrument = library().instrument(name)
        for pack in library().packs(instrument):
            found = {
                one.message.params["item"]
                for one in problems_of_pack(
                    Pack(pack.set, pack.language, False, pack.texts, "", pack.lines, own=True),
                    instrument,
                )
            }
            keys = instrument.item_ids & pack.texts.keys()
            tried, refused = tried + len(keys), refused + len(found & keys)
    sys.stdout.write(f"built-in: {refused} of {tried} refused\n")
    assert tried > 1000
    assert refused <= 0.02 * tried


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "wide letters": lambda text: "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text
    ),
    "capitals": str.upper,
    "marks": lambda text: "".join(one + ("\u0301" if one.isalpha() else "") for one in text),
    "joiners": lambda text: "\u200b".join(text),
    "directions": lambda text: f"\u202e{text}\u202c",
    "soft hyphens": lambda text: "\u00ad".join(text),
    "another script": lambda text: text.translate(str.maketrans("aeoi", "аеоі")),
    "digits": lambda text: text.replace("a", "4").replace("i", "1"),
    "strokes": lambda text: text.replace("azid", "a-z-i-d"),
    "spaces": lambda text: text.replace("Yazidi", "Y a z i d i"),
    "two words": lambda text: text.replace("Yazidi", "Yaz idi"),
    "long letters": lambda text: text.replace("azi", "aaaaziiii"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_hides_nothing(own: Instrument, name: str) -> None:
    assert is_refused(own, "en", DISGUISES[name]("Are you Yazidi?"))
    assert not is_refused(own, "en", DISGUISES[name]("Are you here on your own?"))


ARABIC = ("هَلْ أَنْتَ كُرْدِيّ؟", "هل أنت كـــردي؟", "هل أنت ڪردي؟", "هل أنت من الأكراد؟", "وبالكردية؟")


@pytest.mark.parametrize("text", ARABIC)
def test_arabic_forms_and_marks_hide_nothing(own: Instrument, text: str) -> None:
    assert is_refused(own, "ar", text)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Are you alone? Είσαι Έλληνας;"), ("ar", "Are you here alone?")]
)
def test_words_of_another_script_are_told(own: Instrument, language: str, text: str) -> None:
    pack = Pack(NAME, language, False, {"example": Text(text)}, "f.toml", {"example": 1}, own=True)
    found = [one.message.key for one in problems_of_pack(pack, own)]
    assert "words-other-script" in found


def test_all_problems_come_at_once_each_with_its_item(tmp_path: Path) -> None:
    file = write_list(tmp_path, "Are you Yazidi?")
    text = file.read_text(encoding="utf-8")
    more = (
        '  { id = "two", asks_for = "who", dimension = "signs", about = "situation", '
        'source = "own", signals = ["now"] },\n]'
    )
    file.write_text(text.replace("]\n\n[[sources", f"{more}\n\n[[sources", 1), encoding="utf-8")
    told = {
        (one.message.key, one.message.params.get("item")) for one in check_file(file, Library())
    }
    assert told >= {
        ("words-name-group", "example"),
        ("own-acts-now", "two"),
        ("asks-for-unknown", "two"),
        ("item-without-text", "two"),
    }


def test_nothing_is_said_of_a_language_without_words(tmp_path: Path) -> None:
    found = examine(write_list(tmp_path, "Ati eenyu?", "om"), Library())
    assert not found.problems
    assert (set(found.languages), set(found.not_checked)) == ({"en"}, {"om"})
    ours = Library([tmp_path])
    assert "om" not in ours.languages(ours.instrument(NAME)), "it is not offered"
    lenient = Library([tmp_path], lenient=True)
    assert "language-not-checked" in [one.message.key for one in lenient.wrong]


@pytest.mark.parametrize("language", sorted(languages_checked()))
def test_what_new_writes_passes_in_every_language(tmp_path: Path, language: str) -> None:
    (tmp_path / "texts").mkdir()
    for name in library().names():
        files = made_files.translation(library(), library().instrument(name), language)
        for path, text in files.items():
            (tmp_path / path).write_text(text, encoding="utf-8")
            found = examine(tmp_path / path, library())
            assert (found.problems, found.not_checked) == ((), frozenset()), path


def scored(folder: Path) -> bool:
    ours = Library([folder])
    instrument = ours.instrument(NAME)
    if not instrument.may_be_used:
        with pytest.raises(InputError) as refused:
            Panel.of(NAME, ours)
        assert {one.message.key for one in refused.value.problems} == {"not-signed-by-two"}
        with pytest.raises(InputError, match="not-signed-by-two"):
            instrument_sheets(ours, instrument, ("en",))
        waiting = Library([folder], lenient=True).wrong
        assert "not-signed-by-two" in [one.message.key for one in waiting], (
            "administrators are told"
        )
        kept = Panel.of(NAME, ours, kept=True)
        with pytest.raises(ValueError, match="not permitted"):
            score(kept, {}, age=Age.ADULT, use=PilotUse())
        return False
    panel = Panel.of(NAME, ours)
    assert instrument_sheets(ours, instrument, ("en",))["survey"]
    assert not Library([folder], lenient=True).wrong
    return score(panel, {"example": Answer.YES}, age=Age.ADULT, use=PilotUse()).pilot


def test_a_list_is_off_until_two_people_signed_for_its_questions_and_words(tmp_path: Path) -> None:
    file = write_list(tmp_path)
    assert not scored(tmp_path)
    for second in ("", "AMAL  haddad", "Ámal Haddad"):
        sign(tmp_path, second=second)
        assert not scored(tmp_path), second
    paper = sign(tmp_path, second=TWO)
    assert scored(tmp_path)
    texts = tmp_path / "texts" / f"{NAME}.en.toml"
    for changed, old, new in ((texts, "like us", "want us"), (file, '"any"', '"adult"')):
        before = changed.read_text(encoding="utf-8")
        changed.write_text(before.replace(old, new, 1), encoding="utf-8")
        assert not scored(tmp_path), new
        changed.write_text(before, encoding="utf-8")
        assert scored(tmp_path), "the control"
    signed = paper.read_text(encoding="utf-8")
    paper.write_text(signed.replace("so two people", "so too people"), encoding="utf-8")
    assert not scored(tmp_path), "the second one accepts other words"


def test_an_immediate_signal_is_refused_where_the_list_is_read(tmp_path: Path) -> None:
    file = write_list(tmp_path)
    sign(tmp_path)
    assert Library([tmp_path]).instrument(NAME).signed
    text = file.read_text(encoding="utf-8")
    loud = text.replace('source = "own" }', 'source = "own", signals = ["now"] }')
    file.write_text(loud, encoding="utf-8")
    for refused in (check_file(file, Library()), _refusal(tmp_path)):
        assert [one.message.key for one in refused] == ["own-acts-now"]


def _refusal(folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as refused:
        Library([folder]).instrument(NAME)
    return list(refused.value.problems)


def test_the_names_are_as_the_tool_writes_them() -> None:
    made = subprocess.run([sys.executable, "-m", "tools.group_names", "--check"], check=False)
    assert made.returncode == 0


def test_the_first_question_is_checked_in_half_a_second() -> None:
    code = (
        "import time\n"
        "from marfa.domain.prohibited_grounds.named_groups import grounds_of\n"
        "began = time.process_time()\n"
        "assert grounds_of('Are you Yazidi?', 'en')\n"
        "print(time.process_time() - began)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(told.stdout) < 0.5

"""One fact an item: what a published indicator joins is asked by its facts, and read as it is.

That the lists ask one fact each is looked for in the words themselves.
"""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.methods.screening import Age, Answer, Library, Panel, PilotUse, score, score_table
from marfa.methods.screening.instrument import PUBLISHED
from marfa.methods.screening.score import answer_of
from tests.methods.screening.support import ADULT, CHILD, all_no, items, library, panel, run

JOINED = {item.id: item for one in panel().instruments for item in one.items if item.asks}
OURS = (
    "registration-risk",
    "unaccompanied-child",
    "conflict-context",
    "released-from-armed-groups",
)
"""The lists of this project: nothing published says what they have to join."""
TWO_FACTS = {
    "en": re.compile(r"\b(or|and|nor)\b"),
    # "And" is written at the next word; "while" (وهو, وأنت) and words that begin so are none.
    "ar": re.compile(r"(^|\s)(أو\s|و(?!هو|هي|أنت|عد|حد|قت|لاد)\w)"),
    "fr": re.compile(r"\b(ou|et|ni)\b"),
    "es": re.compile(r"\b(o|u|y|ni)\b"),
    "ru": re.compile(r"\b(или|и|либо)\b"),
    "zh": re.compile("或|和(?!我们|您|人|家人)|以及"),
}
ONE_TIME = {"rr-tonight"}
"""Today or tonight is one time."""
NEGATIVE = {
    "en": re.compile(r"\b(not|no|nobody|never|without|none)\b"),
    "ar": re.compile(r"(^|\s)(لا|لم|لن|ليس|دون|غير)\s"),
}
IS_NONE = {"rr-unpaid": "no pay", "rel-work": "without pay"}
"""What a yes tells of is that pay was lacking; a no is no yes to something good."""
BRACKETS = re.compile(r"[(\uff08].*?[)\uff09]")


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("language", TWO_FACTS)
def test_one_fact_an_item_and_none_put_negatively(name: str, language: str) -> None:
    """Without what brackets tell whoever asks."""
    instrument = library().instrument(name)
    texts = library().wording(instrument, language).texts
    for item in instrument.questions:
        for form in texts[item].every_form():
            said = BRACKETS.sub("", form)
            if item not in ONE_TIME:
                assert not TWO_FACTS[language].search(said), (item, said)
            if item not in IS_NONE and language in NEGATIVE:
                assert not NEGATIVE[language].search(said), (item, said)


def test_the_search_finds_what_was_joined() -> None:
    """Items as they were put before, and one of the published list as it stands."""
    for said in ("Is somebody else keeping your papers or your telephone?", words("cd-confined")):
        assert TWO_FACTS["en"].search(said)
    assert TWO_FACTS["ar"].search("هل يحتفظ شخص آخر بأوراقكِ أو هاتفكِ؟")
    assert TWO_FACTS["ar"].search("هل أخذ أحد أوراقكِ وهاتفكِ؟")
    assert NEGATIVE["en"].search("Are you travelling or staying without anybody you trust?")
    assert NEGATIVE["ar"].search("هل تسافرين أو تقيمين دون أحد تثقين به؟")


def words(item: str) -> str:
    return library().wording(panel().instruments[0], "en").texts[item].words()


def test_what_is_asked_instead_of_an_indicator_is_one_fact() -> None:
    assert {"cd-confined", "cr-abduction", "core-danger"} <= JOINED.keys()
    for item in JOINED.values():
        for one in item.asks:
            assert not TWO_FACTS["en"].search(words(one)), one


def test_the_published_lists_stand_as_they_were() -> None:
    for name in (ADULT, CHILD):
        one = library().instrument(name)
        assert PUBLISHED[one.published_digest] is one.population


@given(st.dictionaries(st.sampled_from(items()), st.sampled_from(list(Answer))), st.data())
def test_any_of_its_facts_is_the_indicator(answers: dict[str, Answer], data: st.DataObject) -> None:
    """Put fact by fact, a sheet comes to what it comes to put by indicators, for every age."""
    by_facts = dict(answers)
    for name in answers.keys() & JOINED.keys():
        asks, whole = JOINED[name].asks, by_facts.pop(name)
        if whole is Answer.YES:
            told = data.draw(st.lists(st.sampled_from(list(Answer)), min_size=len(asks)))
            by_facts |= dict(zip(asks, told, strict=False))
            by_facts[data.draw(st.sampled_from(asks))] = Answer.YES
        elif whole is Answer.NO:
            by_facts |= dict.fromkeys(asks, Answer.NO)
        else:
            by_facts |= dict.fromkeys(asks, Answer.NO)
            by_facts[data.draw(st.sampled_from(asks))] = whole
    for age in Age:
        one, other = run(answers, age), run(by_facts, age)
        assert (one.outcome, one.worst) == (other.outcome, other.worst)
        for mine, theirs in zip(one.profiles, other.profiles, strict=True):
            assert mine.answers == theirs.answers


def test_one_of_its_facts_left_open_leaves_it_open() -> None:
    item = JOINED["cd-confined"]
    two = dict.fromkeys(item.asks[:2], Answer.NO)
    assert answer_of(item, two) is Answer.NOT_ASKED
    assert answer_of(item, two | {item.asks[2]: Answer.REFUSED}) is Answer.REFUSED
    assert answer_of(item, two | {item.asks[2]: Answer.NO}) is Answer.NO
    assert answer_of(item, two | {item.asks[2]: Answer.YES}) is Answer.YES


def test_an_answer_to_the_whole_counts_as_it_did() -> None:
    """Talks and tables from before."""
    assert answer_of(JOINED["cd-confined"], {"cd-confined": Answer.NO}) is Answer.NO
    assert answer_of(JOINED["cd-confined"], {"cd-confined": Answer.YES}) is Answer.YES


@pytest.mark.parametrize("said", [("yes", "no"), ("no", "no"), ("no", "unknown")])
def test_a_table_may_have_a_column_a_fact(said: tuple[str, str]) -> None:
    asks = JOINED["cd-violence"].asks
    told = all_no()
    del told["cd-violence"]
    lines = [["person", "age", *told, *asks], ["P-1", "adult", *("no" for _ in told), *said]]
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    file.seek(0)
    ((_person, found),) = score_table(file, panel(), use=PilotUse(), file="t.csv")
    answers = told | {one: Answer[code.upper()] for one, code in zip(asks, said, strict=True)}
    assert found == score(panel(), answers, age=Age.ADULT, use=PilotUse())


def test_the_words_of_the_facts_are_there_as_those_of_items() -> None:
    """A language that lacks one is not offered."""
    instrument = Library().instrument(ADULT)
    wording = library().wording(instrument, "fr")
    assert not wording.missing
    less = {key: text for key, text in wording.texts.items() if key != "cd-locked-in"}
    assert type(wording)(instrument, "fr", less).missing == ("cd-locked-in",)
    assert Panel.of(ADULT).item_ids >= {"cd-locked-in", "cd-confined"}

"""A wrong file is refused with file, line and reason; profiling is refused by the schema."""

from __future__ import annotations

from importlib.resources import files

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError
from marfa.domain.prohibited_grounds import names_origin, names_refused_attribute
from marfa.domain.prohibited_grounds.names import REFUSED_ATTRIBUTES
from marfa.methods.screening.prohibitions import names_reception_taboo
from marfa.methods.screening.schema import read_instrument
from marfa.methods.screening.text_packs import read_pack

GOOD = """\
schema = 1
name = "camp"
version = "1"
rule = "checklist"
population = "any"
setting = "reception"
notes = ["not-validated"]
items = [
  { id = "one", asks_for = "work", dimension = "signs", about = "situation", source = "own" },
  { id = "two", asks_for = "work", dimension = "signs", about = "conduct", source = "own" },
]
[[sources]]
id = "own"
citation = "Ours"
licence = "Ours"
checked = "our-synthesis"
"""
PACK = """\
schema = 1
set = "camp"
language = "ar"
gendered = true
status = "draft"
[texts]
one = { feminine = "أ", masculine = "ب" }
two = "ج"
"""


def problems(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(InputError) as refused:
        read_instrument(text, "camp.toml")
    for problem in refused.value.problems:
        assert problem.place.file == "camp.toml"
        for language in LANGUAGES:
            assert render_problem(problem, language)
    return [(p.message.key, p.place.row) for p in refused.value.problems]


def test_the_good_file_is_good() -> None:
    instrument = read_instrument(GOOD, "camp.toml")
    assert [item.id for item in instrument.items] == ["one", "two"]
    assert not instrument.gives_band


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("schema = 1", "schema = 2", "wrong-schema", 1),
        ('name = "camp"', 'name = "Camp!"', "bad-name", 2),
        ('version = "1"', "", "key-missing", None),
        ('rule = "checklist"', 'rule = "score"', "not-in-list", 4),
        ('rule = "checklist"', 'rule = "delphi-labour"', "band-not-published", 4),
        ('population = "any"', 'population = "all"', "not-in-list", 5),
        ('setting = "reception"', 'seting = "reception"', "unknown-key", 6),
        ('notes = ["not-validated"]', 'notes = ["fine"]', "not-in-list", 7),
        ('notes = ["not-validated"]', "validated = true", "none-validated", 7),
        ('id = "two"', 'id = "one"', "item-twice", 10),
        ('id = "two"', 'id = "person"', "bad-name", 10),
        (
            'about = "conduct", source = "own"',
            'about = "conduct", source = "x"',
            "source-unknown",
            10,
        ),
        ('about = "conduct"', 'about = "conduct", strenght = "strong"', "unknown-key", 10),
        ('about = "conduct"', 'about = "conduct", strength = "strong"', "checklist-rated", None),
        (
            'about = "conduct"',
            'about = "conduct", strength = "strong"',
            "strength-without-reference",
            10,
        ),
        ('about = "conduct"', 'about = "conduct", signals = ["no"]', "not-in-list", 10),
        ('about = "conduct"', 'about = "conduct", sensitive = ["sex"]', "not-at-reception", 10),
        ('about = "conduct"', 'about = "conduct", sensitive = ["offence"]', "not-at-reception", 10),
        (
            'about = "conduct"',
            'about = "conduct", sensitive = ["armed-role"]',
            "not-at-reception",
            10,
        ),
        ('about = "conduct"', 'about = "person"', "attribute-unknown", 10),
        ('about = "conduct"', 'about = "person", attribute = "wealth"', "attribute-unknown", 10),
        ('licence = "Ours"', "", "key-missing", 12),
        ('checked = "our-synthesis"', 'checked = "yes"', "not-in-list", 16),
        ('id = "two", ', "", "key-missing", 10),
        ("{ id", "[ id", "not-toml", 9),
    ],
)
def test_each_mistake_has_its_line_and_reason(
    old: str, new: str, code: str, line: int | None
) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert code in [key for key, _line in found]
    if line is not None:
        assert (code, line) in found


def test_lines_in_tables_that_span_lines() -> None:
    head = GOOD.partition("items = [")[0]
    tail = "[[sources]]" + GOOD.partition("[[sources]]")[2]
    one = '[[items]]\nid = "one"\nasks_for = "work"\n'
    one += 'dimension = "signs"\nabout = "situation"\nsource = "own"\n'
    two = one.replace('"one"', '"two"').replace('"situation"', '"person"')
    two += 'attribute = "religion"\n'
    assert read_instrument(head + one + tail, "camp.toml").items
    assert problems(head + one + two + tail) == [("profiling", 20)]
    assert problems(head + one + one + tail) == [("item-twice", 15)]
    assert problems(head + one + tail.replace('"Ours"', "1", 1)) == [("not-a-text", 16)]


def test_all_problems_are_shown_at_once() -> None:
    wrong = GOOD.replace('rule = "checklist"', 'rule = "x"').replace('id = "two"', 'id = "one"')
    assert {line for _code, line in problems(wrong)} >= {4, 10}


@pytest.mark.parametrize("attribute", sorted(REFUSED_ATTRIBUTES))
def test_nationality_religion_and_ethnicity_are_refused(attribute: str) -> None:
    wrong = GOOD.replace('about = "conduct"', f'about = "person", attribute = "{attribute}"')
    assert ("profiling", 10) in problems(wrong)


@pytest.mark.parametrize("name", ["nationality", "Religion", "ethnic_group", "country of origin"])
def test_a_disguised_name_is_refused_too(name: str) -> None:
    assert names_refused_attribute(name)


@pytest.mark.parametrize("name", ["age", "papers", "person", "trace", "displacement", "cd-peers"])
def test_other_names_are_not(name: str) -> None:
    assert not names_refused_attribute(name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('strength = "medium"', 'strength = "strong"'),
        ('signals = ["act", "intent"]', 'signals = ["act"]'),
        ('id = "core-debt"', 'id = "poor"'),
        (
            "items = [",
            'items = [\n  { id = "x", dimension = "y", about = "conduct", source = "delphi" },',
        ),
        ('population = "adult"', 'population = "child"'),
    ],
)
def test_a_band_needs_the_shipped_profile_to_the_letter(old: str, new: str) -> None:
    name = "ilo-delphi-labour-adult.toml"
    text = (files("marfa.methods.screening") / "instruments" / name).read_text(encoding="utf-8")
    assert read_instrument(text, name).gives_band
    assert old in text
    with pytest.raises(InputError) as refused:
        read_instrument(text.replace(old, new, 1), name)
    assert "band-not-published" in [problem.message.key for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('language = "ar"', 'language = "Arabic!"', "bad-language", 3),
        ('status = "draft"', 'status = "reviewed"', "review-without-name", 5),
        ('status = "draft"', 'status = "good"', "not-in-list", 5),
        ('two = "ج"', 'two = ""', "key-empty", 8),
        ('two = "ج"', 'two = { feminine = "ج" }', "one-form-only", 8),
        ('two = "ج"', 'two = { text = "ج", audio = "../x.ogg" }', "bad-audio", 8),
        ('two = "ج"', 'two = { text = "ج", audio = "/etc/x" }', "bad-audio", 8),
        ('two = "ج"', 'two = { text = "ج", status = "reviewed", by = "R" }', None, 8),
        ('two = "ج"', 'two = { text = "ج", date = 2026 }', "not-a-date", 8),
        ('two = "ج"', 'two = { txt = "ج" }', "unknown-key", 8),
        ("[texts]", "[text]", "no-texts", None),
    ],
)
def test_each_mistake_of_a_text_file(old: str, new: str, code: str | None, line: int) -> None:
    assert read_pack(PACK, "camp.ar.toml").texts["two"].text == "ج"
    with pytest.raises(InputError) as refused:
        read_pack(PACK.replace(old, new, 1), "camp.ar.toml")
    found = [(p.message.key, p.place.row) for p in refused.value.problems]
    assert (code or "review-without-name") in [key for key, _line in found]
    if line is not None:
        assert (code or "review-without-name", line) in found


ORIGIN = {
    "en": "Which ethnic group or religion is the person of?",
    "fr": "Quelle est la nationalité de la personne ?",
    "es": "¿Cuál es la religión o la nacionalidad?",
    "ar": "ما جنسيتك أو ديانتك؟",
    "ru": "Какая у человека национальность или религия?",
    "zh": "当事人的国籍或民族是什么？",
}
TABOO = {
    "en": ("Did you have sex for it?", "Have you committed an offence?", "Did you fight for them?"),
    "fr": ("Une relation sexuelle ?", "Avez-vous commis un délit ?", "Avez-vous combattu armé ?"),
    "es": ("¿Tuvo sexo?", "¿Cometió un delito?", "¿Fue soldado?"),
    "ar": ("هل تعرضت لعنف جنسي؟", "هل ارتكبت جريمة؟", "هل حملت سلاحًا؟"),
    "ru": ("Был ли секс?", "Совершали ли вы преступление?", "Были ли вы солдатом?"),
    "zh": ("有没有强奸？", "您犯罪了吗？", "您参加过战斗吗？"),
}


@pytest.mark.parametrize("language", sorted(ORIGIN))
def test_wordings_of_profiling_and_of_taboos_are_seen(language: str) -> None:
    assert names_origin(ORIGIN[language])
    for text in TABOO[language]:
        assert names_reception_taboo(text), text


def test_debt_in_arabic_is_not_taken_for_religion() -> None:
    assert not names_origin("هل عليكِ دَين بسبب الرحلة؟")
    assert not names_origin("الاستغلال في العمل والعنف الجنسي")


def test_statelessness_may_be_named_in_every_language() -> None:
    assert not names_origin("Лицо без гражданства или под угрозой его утраты")
    assert not names_origin("无国籍或面临无国籍的危险")
    assert names_origin("Какое у вас гражданство?")

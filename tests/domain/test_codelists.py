"""Every list is whole: languages, codes, mappings; a wrong file is named with its code."""

from __future__ import annotations

import re
import unicodedata

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.codelist_files import known_targets, read_list
from marfa.domain.codelists import STANDARDS, UN_LANGUAGES, CodeList, codelist, list_names
from marfa.domain.message import InputError

# Number of codes of each list of HTCDS 2.0, counted in its published field sheet
# ("HTCDS Field Standards 2.0.ods", commit 3c2f653): 21 lists, 182 codes.
HTCDS = {
    "org_Type": 9,
    "prs_Gender": 6,
    "prs_MaritalStatus": 6,
    "prs_HighestLevelOfEducation": 9,
    "vic_TraffickingStatus": 3,
    "vic_TraffickingStatusDecisionMakingOrg": 5,
    "vic_RelationshipToTrafficker": 3,
    "vic_RecruitmentWebsitesAndApps": 15,
    "vic_MethodOfRecruitment": 10,
    "vic_MethodsOfControl": 16,
    "vic_TypeOfExploitation": 11,
    "vic_ForcedLabourIndustry": 21,
    "vic_TypeOfSexExploitation": 4,
    "vic_ExploitationWebsitesAndApps": 15,
    "vic_Vulnerabilities": 12,
    "per_RoleInProcess": 15,
    "cas_Status": 4,
    "cas_ReasonForIncomingReferral": 3,
    "cas_ReasonForOutgoingReferral": 3,
    "hte_Type": 3,
    "spl_Type": 9,
}
GUIDANCE_7 = 18

SCRIPTS = {"ar": "ARABIC", "zh": "CJK", "ru": "CYRILLIC", "en": "LATIN", "fr": "LATIN"}
BRANDS = {"vic_recruitment_websites_and_apps", "vic_exploitation_websites_and_apps"}

all_lists = pytest.mark.parametrize("listed", [codelist(name) for name in list_names()])


def letters(text: str) -> set[str]:
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


@all_lists
def test_every_code_once_and_in_a_plain_form(listed: CodeList) -> None:
    assert len(set(listed.codes)) == len(listed.codes) > 0
    # HTCDS has a code that begins with a digit ("4Sale").
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", code) for code in listed.codes)
    if listed.htcds_field is None:
        assert all(code == code.lower() for code in listed.codes)


@all_lists
def test_every_label_in_six_languages_and_its_script(listed: CodeList) -> None:
    for texts in [listed.title, *(entry.labels for entry in listed.entries)]:
        assert set(texts) == set(UN_LANGUAGES)
        for language, script in SCRIPTS.items():
            assert texts[language] == texts[language].strip()
            if listed.name not in BRANDS:
                assert script in letters(texts[language]), (language, texts[language])


@all_lists
def test_labels_tell_the_codes_apart(listed: CodeList) -> None:
    for language in UN_LANGUAGES:
        labels = [label for _, label in listed.choices(language)]
        assert len(set(labels)) == len(labels), language


@all_lists
def test_mappings_exist_and_are_for_all_or_for_none(listed: CodeList) -> None:
    for standard in STANDARDS:
        mapped = [listed.map(code, standard) for code in listed.codes]
        assert all(mapped) or not any(mapped), standard
        conditions = [when for each in filter(None, mapped) for when in each.when]
        for known, _ in conditions:
            other, _, code = known.partition("=")
            assert code in codelist(other)
        for each in [*filter(None, mapped), *(other for _, other in conditions)]:
            assert set(each.targets) <= known_targets(standard)
            assert each.targets or each.loss
            if each.loss:
                assert set(LANGUAGES) <= set(each.loss)


@all_lists
def test_where_it_comes_from_is_said(listed: CodeList) -> None:
    assert listed.source
    assert listed.licence
    if listed.htcds_field:
        assert listed.licence.startswith("CC BY 4.0, International Organization for Migration")
        assert "no endorsement" in listed.licence


def test_all_lists_of_the_standard_are_there() -> None:
    own = {each.htcds_field: each for each in map(codelist, list_names()) if each.htcds_field}
    counts = {field: len(each.codes) for field, each in own.items()}
    assert counts.pop("guidance_7") == GUIDANCE_7
    assert counts == HTCDS
    assert sum(counts.values()) == 182


def test_ctdc_has_63_variables() -> None:
    assert len(known_targets("ctdc")) == 63


def test_the_resolutions_forms_of_exploitation() -> None:
    assert codelist("exploitation_forms").codes == (
        "exploitation_of_prostitution",
        "other_sexual_exploitation",
        "sexual_slavery",
        "forced_labour",
        "slavery_and_similar_practices",
        "servitude",
        "organ_removal",
        "recruitment_or_use_by_armed_forces_or_groups",
        "forced_marriage",
        "forced_criminality",
    )
    assert codelist("conflict_link").codes == (
        "in_conflict_area",
        "fleeing_conflict",
        "moved_into_conflict",
        "by_armed_or_terrorist_group",
        "by_state_forces",
        "post_conflict",
        "none",
        "unknown",
    )
    assert codelist("conflict_link").several


def test_official_terms_of_the_palermo_protocol() -> None:
    """Article 3 (a) in the six official languages of the United Nations."""
    forms = codelist("exploitation_forms")
    official = {
        "ar": ("استغلال دعارة الغير", "الاستعباد", "نزع الأعضاء"),
        "zh": ("利用他人卖淫进行剥削", "劳役", "切除器官"),
        "en": ("Exploitation of the prostitution of others", "Servitude", "Organ removal"),
        "fr": ("Exploitation de la prostitution d’autrui", "Servitude", "Prélèvement d’organes"),
        "ru": (
            "Эксплуатация проституции других лиц",
            "Подневольное состояние",
            "Извлечение органов",
        ),
        "es": ("Explotación de la prostitución ajena", "Servidumbre", "Extracción de órganos"),
    }
    codes = ("exploitation_of_prostitution", "servitude", "organ_removal")
    for language, terms in official.items():
        assert tuple(forms.label(code, language) for code in codes) == terms


def test_no_arabic_label_uses_the_word_kept_away_from_people() -> None:
    for listed in map(codelist, list_names()):
        for texts in [listed.title, *(entry.labels for entry in listed.entries)]:
            assert "بغاء" not in texts["ar"]


def test_a_lost_code_says_so() -> None:
    mapped = codelist("conflict_link").map("fleeing_conflict", "htcds")
    assert mapped is not None
    assert mapped.targets == ()
    assert "HTCDS" in (mapped.loss_in("ar") or "")
    whole = codelist("exploitation_forms").map("organ_removal", "htcds")
    assert whole is not None
    assert (whole.targets, whole.loss) == (("vic_TypeOfExploitation=OrganRemoval",), None)
    assert codelist("desks").map("reception", "ctdc") is None


def test_recruitment_by_state_forces_is_never_sent_as_by_non_state_actors() -> None:
    code = "recruitment_or_use_by_armed_forces_or_groups"
    armed = "conflict_link=by_armed_or_terrorist_group"
    forms = codelist("exploitation_forms")
    for link in codelist("conflict_link").codes:
        mapped = forms.map(code, "htcds", known=[f"conflict_link={link}"])
        assert mapped is not None
        assert ("NonState" in mapped.targets[0]) == (f"conflict_link={link}" == armed)
    unknown = forms.map(code, "htcds")
    assert unknown is not None
    assert unknown.targets == ("vic_TypeOfExploitation=Other",)


def test_relationships_have_their_reverse() -> None:
    kinds = codelist("relationship_kinds")
    for code in kinds.codes:
        reverse = str(kinds.entry(code).attributes["inverse"])
        assert kinds.entry(reverse).attributes["inverse"] == code


def test_age_bands_cover_every_age_once_and_part_at_18() -> None:
    entries = {entry.code: entry.attributes for entry in codelist("age_bands").entries}
    bands = [entries[code] for code in entries if code.startswith("age_")]
    for age in range(111):
        within = [b for b in bands if int(b["lowest"]) <= age <= int(b.get("highest", 200))]
        assert len(within) == 1, age
    assert entries["child"]["highest"] == 17
    assert entries["adult"]["lowest"] == 18
    assert any(band["lowest"] == 18 for band in bands)


def test_washington_group_cut_off() -> None:
    levels = codelist("wg_levels")
    counts = [entry.attributes["counts_as_disability"] for entry in levels.entries]
    assert counts == [False, False, True, True]
    assert len(codelist("wg_domains").codes) == 6


def test_a_label_in_a_region_or_an_unknown_language() -> None:
    sex = codelist("sex")
    assert sex.label("female", "ar_SY") == sex.label("female", "ar-EG") == "أنثى"
    assert sex.label("female", "sw") == "Female"
    assert "female" in sex
    assert "Female" not in sex


@pytest.mark.parametrize(("name", "code"), [("no_such_list", "x"), ("sex", "x"), ("../sex", "x")])
def test_what_is_not_there(name: str, code: str) -> None:
    with pytest.raises(InputError):
        codelist(name).entry(code)


WHOLE = """
name = "test"
title = { ar = "أ", zh = "一", en = "a", fr = "a", ru = "а", es = "a" }
source = "us"
licence = "Apache-2.0"
translations = "draft"
[[codes]]
code = "one"
label = { ar = "أ", zh = "一", en = "a", fr = "a", ru = "а", es = "a" }
htcds = { to = ["a=b"] }
"""


def test_a_whole_file_is_read() -> None:
    listed = read_list(WHOLE, "test")
    assert listed.codes == ("one",)
    assert not listed.reviewed


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('name = "test"', "name = ", "list-file-toml", None),
        ('name = "test"', 'name = "other"', "list-file-name", None),
        ('source = "us"', "", "list-file-missing", None),
        ('source = "us"', "source = 1", "list-file-kind", None),
        ('source = "us"', 'source = "us"\ncolour = "red"', "list-file-key", None),
        ('"draft"', '"perfect"', "list-file-translations", None),
        (', es = "a" }\nhtcds', " }\nhtcds", "list-file-language", "one"),
        ('es = "a" }\nhtcds', 'es = " " }\nhtcds', "list-file-language", "one"),
        ('to = ["a=b"]', "to = []", "list-file-loss", "one"),
        ('to = ["a=b"]', 'to = [], loss = { en = "x" }', "list-file-language", "one"),
        ('code = "one"', 'code = "one"\ncolour = 1', "list-file-key", "one"),
        ('code = "one"\n', "", "list-file-no-code", None),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_its_code(
    old: str, new: str, key: str, code: str | None
) -> None:
    assert old in WHOLE
    with pytest.raises(InputError) as error:
        read_list(WHOLE.replace(old, new), "test")
    problem = error.value.problems[0]
    assert problem.message.key == key
    assert (problem.place.file, problem.place.field) == ("test.toml", code)
    assert all("{" not in render_problem(problem, language) for language in LANGUAGES)


def test_a_code_twice() -> None:
    entry = WHOLE[WHOLE.index("[[codes]]") :]
    with pytest.raises(InputError) as error:
        read_list(WHOLE + entry, "test")
    assert error.value.problems[0].message.key == "list-file-twice"

"""Where words go, with what is lost; the page tells the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.catalogue import LANGUAGES
from marfa.domain.codelists import codelist
from marfa.methods.htcds import (
    Case,
    Marfa,
    Victim,
    ctdc,
    exploitation,
    possible_forms,
    support_plan_type,
    trafficking_status,
)

ARMED = "recruitment_or_use_by_armed_forces_or_groups"


def test_forms_of_a_case_together() -> None:
    sent = exploitation(["sexual_slavery", "forced_labour", "servitude"])
    assert sent.of("vic_TypeOfExploitation") == ("SexualExploitation", "Servitude", "ForcedLabour")
    assert [loss.code for loss in sent.losses] == ["sexual_slavery"]
    assert all(sent.losses[0].in_language(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ([], "Other"),
        (["by_state_forces"], "Other"),
        (["by_armed_or_terrorist_group"], "ForcedMilitaryByNonStateActors"),
        (["fleeing_conflict", "by_armed_or_terrorist_group"], "ForcedMilitaryByNonStateActors"),
    ],
)
def test_recruitment_depends_on_who_recruited(links: list[str], code: str) -> None:
    assert exploitation([ARMED], links).of("vic_TypeOfExploitation") == (code,)


def test_the_way_back_names_every_form_that_may_be_meant() -> None:
    assert possible_forms("SexualExploitation") == (
        "exploitation_of_prostitution",
        "other_sexual_exploitation",
        "sexual_slavery",
    )
    assert possible_forms("Servitude") == (
        "sexual_slavery",
        "slavery_and_similar_practices",
        "servitude",
    )
    assert possible_forms("ForcedMilitaryByNonStateActors") == (ARMED,)
    assert possible_forms("Other") == (ARMED, "forced_criminality")
    nowhere = [c for c in codelist("vic_type_of_exploitation").codes if not possible_forms(c)]
    assert nowhere == ["ChildLabour", "ForcedBegging", "ForcedAdoption", "Surrogacy"]


def test_every_form_can_be_found_again() -> None:
    for form in codelist("exploitation_forms").codes:
        for code in exploitation([form]).of("vic_TypeOfExploitation"):
            assert form in possible_forms(code)


def test_states_of_identification() -> None:
    assert trafficking_status("potential") == "PossibleVictimOfTrafficking"
    assert trafficking_status("presumed") == "PossibleVictimOfTrafficking"
    assert trafficking_status("formally_identified") == "ActualVictimOfTrafficking"
    # A refusal by an authority is no evidence that somebody is not a victim.
    assert trafficking_status("formally_refused") is None
    for state in codelist("identification_states").codes:
        assert trafficking_status(state) != "NotAVictimOfTrafficking"


def test_types_of_support() -> None:
    assert support_plan_type("shelter") == "SocialCare"
    assert support_plan_type("voluntary_return") is None
    known = set(codelist("spl_type").codes)
    sent = {support_plan_type(code) for code in codelist("support_types").codes}
    assert sent <= known | {None}


def test_a_case_in_ctdc() -> None:
    finer = Case(
        victim=Victim(
            type_of_exploitation=("SexualExploitation", "Servitude"),
            methods_of_control=("DebtBondage", "Other"),
        ),
        marfa=Marfa(exploitation_forms=("sexual_slavery",), conflict_link=("post_conflict",)),
    )
    assert set(ctdc(finer).codes) == {
        "isSexualExploit",
        "isSlaveryAndPractices",
        "meansOfControlDebtBondage",
        "meansOfControlOther",
    }
    lost = [loss.code for loss in ctdc(finer).losses]
    assert {"sexual_slavery", "post_conflict"} <= set(lost)
    coarser = Case(victim=Victim(type_of_exploitation=("OrganRemoval",)))
    assert set(ctdc(coarser).codes) == {"isOrganRemoval"}


def test_the_page_has_the_whole_mapping() -> None:
    page = Path(__file__).parents[3] / "docs" / "methods" / "htcds.md"
    text = page.read_text(encoding="utf-8")
    for form in codelist("exploitation_forms").codes:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{form}`"))
        for code in exploitation([form]).of("vic_TypeOfExploitation"):
            assert f"`{code}`" in row
        for variable in _ctdc_of("exploitation_forms", form):
            assert f"`{variable}`" in row
    for code in codelist("vic_type_of_exploitation").codes:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{code}`"))
        for form in possible_forms(code):
            assert f"`{form}`" in row
        for variable in _ctdc_of("vic_type_of_exploitation", code):
            assert f"`{variable}`" in row
    for support in codelist("support_types").codes:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{support}`"))
        assert f"`{support_plan_type(support)}`" in row or "no place" in row
    for state in codelist("identification_states").codes:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{state}`"))
        assert f"`{trafficking_status(state)}`" in row or "no place" in row


def _ctdc_of(name: str, code: str) -> tuple[str, ...]:
    mapped = codelist(name).map(code, "ctdc")
    return mapped.targets if mapped else ()

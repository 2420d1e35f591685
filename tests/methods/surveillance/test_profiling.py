"""Nationality, religion, ethnicity and origin, written in six languages, are refused."""

from __future__ import annotations

import numpy as np
import pytest

from marfa.domain.message import InputError
from marfa.methods.surveillance import Panel, names_profile

REFUSED = (
    "nationality", "Nationality", "NATIONALITY_CODE", "victim-nationality",
    "nationalityOfVictim", "n a t i o n a l i t y", "citizenship", "religion", "Religious group",
    "faith", "ethnicity", "ethnic_group", "ethnicGroup", "race", "tribe", "tribal affiliation",
    "country of origin", "country_of_origin", "countryOfOrigin", "origin", "coo", "coo_iso",
    "place of birth", "birthplace", "skin colour", "Muslim", "minority", "idpOriginAdmin1Name",
    "الجنسية", "جنسية", "جِنْسِيَّة", "الجنـسية", "الديانة", "دين", "الدين", "العرق", "عرقي",
    "إثنية", "القبيلة", "المذهب", "الطائفة", "بلد المنشأ", "بلد الأصل", "مكان الولادة", "أقلية",
    "nationalité", "NATIONALITE", "citoyenneté", "confession", "ethnie", "origine",
    "pays d'origine", "lieu de naissance", "tribu", "minorité", "couleur de peau",
    "nacionalidad", "ciudadanía", "religión", "etnia", "grupo étnico", "raza", "origen",
    "país de origen", "lugar de nacimiento", "minoría", "национальность", "Гражданство",
    "подданство", "религия", "вероисповедание", "этническая группа", "этнос", "племя", "раса",
    "происхождение", "страна происхождения", "место рождения", "国籍", "國籍", "宗教",
    "citizen_of", "ciudadano", "passport_country", "mother_tongue", "langue maternelle",
    "lengua materna", "родной язык", "اللغة الأم", "母语",
    "宗教信仰", "民族", "种族", "族裔", "部落", "原籍国", "来源国", "出生地", "肤色",
)  # fmt: skip

# Places, counts and what may add a reason to help: these must pass.
KEPT = (
    "Aleppo", "Original reports", "Thrace", "Gaza", "Nationwide", "National hospital",
    "Christchurch", "Relief camp 4", "women", "boys under 12", "stateless",
    "unaccompanied children", "abductions", "confiscated passports",
    "Federally Administered Tribal Areas", "Region 7",
    "United Nations office", "مدينة حلب", "صلاح الدين", "العراق", "قبلي", "مستقبلي", "ديالى",
    "المستشفى الوطني", "Sans nationalité", "Colonia Roma", "Región Norte", "Orense",
    "Ain al-Arab", "عين العرب", "Afar", "Tigray", "Islamabad",
    "лица без гражданства", "Регион 3", "Москва", "无国籍", "北京", "第三区",
)  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_origin_is_refused(name: str) -> None:
    assert names_profile(name)
    with pytest.raises(InputError, match="profiling"):
        Panel((name,), np.zeros((3, 1)))


def test_there_are_forty_ways_and_more_in_six_languages() -> None:
    assert len(set(REFUSED)) >= 40


@pytest.mark.parametrize("name", KEPT)
def test_a_place_is_kept(name: str) -> None:
    assert not names_profile(name)

"""A wrong ``fields.toml`` is named with file, model and field; a right one is taken as it says."""

from __future__ import annotations

from enum import StrEnum

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.safeguards.fields.declarations import read_declarations
from marfa.safeguards.words import LegalBasis, Purpose, Role, Tier

RIGHT = """
[Guest]
for = "A person who stays."
purposes = ["registration"]
legal_bases = ["consent"]
retention = "case"
kept_from = "left_on"
roles = ["case_worker"]
subjects = ["id"]
[Guest.fields]
id = { tier = "system", for = "Key." }
room = { tier = "coded", for = "Bed.", purposes = ["security"], roles = ["supervisor"] }
left_on = { tier = "coded", for = "When they left.", legal_bases = ["vital_interest"] }
"""


def test_a_field_takes_from_its_model_what_it_does_not_say() -> None:
    guest = read_declarations(RIGHT, "x")["Guest"]
    assert (guest.retention, guest.kept_from, guest.subjects) == ("case", "left_on", ("id",))
    room, left = guest.fields["room"], guest.fields["left_on"]
    assert (room.tier, room.purposes, room.roles) == (
        Tier.CODED,
        (Purpose.SECURITY,),
        (Role.SUPERVISOR,),
    )
    assert (left.purposes, left.legal_bases) == (
        (Purpose.REGISTRATION,),
        (LegalBasis.VITAL_INTEREST,),
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "where"),
    [
        ("[Guest]", "[Guest", "not-toml", None),
        ('retention = "case"', "", "key-missing", "Guest"),
        ('retention = "case"', 'retention = "for_ever"', "word-unknown", "Guest"),
        ('retention = "case"', 'retention = ["case"]', "key-kind", "Guest"),
        ('retention = "case"', 'retention = "statistics"', "kept-from-needless", "Guest"),
        ('kept_from = "left_on"', "", "kept-from-missing", "Guest"),
        ('retention = "case"', 'retention = "statistics"\nlonger = ["case"]', "longer-needless",
         "Guest"),
        ('retention = "case"', 'retention = "case"\nlonger = ["ever"]', "word-unknown", "Guest"),
        ('purposes = ["registration"]', 'purposes = ["other"]', "word-unknown", "Guest"),
        ('purposes = ["registration"]', "purposes = []", "purpose-missing", "Guest.id"),
        ('purposes = ["security"]', "purposes = []", "purpose-missing", "Guest.room"),
        ('legal_bases = ["consent"]', "", "basis-missing", "Guest.room"),
        ('roles = ["case_worker"]', 'roles = ["king"]', "word-unknown", "Guest"),
        ('tier = "coded"', 'tier = "secret"', "word-unknown", "Guest.room"),
        ('tier = "coded", ', "", "key-missing", "Guest.room"),
        ('for = "Key."', 'for = " "', "meaning-missing", "Guest.id"),
        ('for = "Key."', 'why = "Key."', "key-unknown", "Guest.id"),
        ('{ tier = "system", for = "Key." }', '"system"', "key-missing", "Guest.id"),
        ("subjects", "persons", "key-unknown", "Guest"),
        ('tier = "coded"', 'tier = "sensitive", legal_bases = ["contract"]', "basis-weak",
         "Guest.room"),
        ('tier = "coded"', 'tier = "sealed", legal_bases = ["legitimate_interest"]', "basis-weak",
         "Guest.room"),
        ('"coded", for = "Bed.", purposes = ["security"], roles = ["supervisor"]',
         '"personal", for = "Name.", roles = ["administrator"]', "role-may-not", "Guest.room"),
        ('"coded", for = "Bed.", purposes = ["security"], roles = ["supervisor"]',
         '"sensitive", for = "Told.", roles = ["data_protection_officer"]', "role-may-not",
         "Guest.room"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(old: str, new: str, key: str, where: str | None) -> None:
    assert old in RIGHT
    with pytest.raises(InputError) as error:
        read_declarations(RIGHT.replace(old, new, 1), "app/fields.toml")
    found = {(p.message.key, p.place.field): p for p in error.value.problems}
    assert (key, where) in found, found.keys()
    problem = found[key, where]
    assert problem.place.file == "app/fields.toml"
    for language in LANGUAGES:
        sentence = render_problem(problem, language)
        assert "app/fields.toml" in sentence
        assert (where or "") in sentence


def test_all_faults_are_named_at_once() -> None:
    text = RIGHT.replace('"case"', '"for_ever"').replace('"consent"', '"habit"')
    with pytest.raises(InputError) as error:
        read_declarations(text, "x")
    assert {p.message.params.get("word") for p in error.value.problems} >= {"for_ever", "habit"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("purposes", Purpose),
        ("roles", Role),
        ("legal_bases", LegalBasis),
        ("sensitivity_tiers", Tier),
    ],
)
def test_the_words_in_code_are_those_of_the_list(name: str, words: type[StrEnum]) -> None:
    assert codelist(name).codes == tuple(words)


def test_each_role_works_at_a_desk() -> None:
    roles = codelist("roles")
    desks = {str(entry.attributes["desk"]) for entry in roles.entries}
    assert desks == set(codelist("desks").codes)


def test_what_identifies_is_encrypted() -> None:
    tiers = codelist("sensitivity_tiers").entries
    encrypted = [entry.code for entry in tiers if entry.attributes["encrypted"]]
    assert encrypted == ["personal", "sensitive", "sealed"]

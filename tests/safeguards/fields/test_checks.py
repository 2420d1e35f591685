"""A field that is not declared as it is stops the start; each kind of it is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models

from marfa.domain.catalogue import render_problem
from marfa.domain.message import InputError
from marfa.platform.revisions.models import Draft
from marfa.safeguards.fields import checks, register
from marfa.safeguards.fields.declarations import read_declarations
from marfa.safeguards.words import Purpose, Tier
from tests.support.sample.models import Sample

FILE = Path(__file__).parents[2] / "support" / "sample" / "fields.toml"


@pytest.fixture
def forget() -> Iterator[None]:
    """Files are read anew, before and after."""
    register.declarations_of.cache_clear()
    yield
    register.declarations_of.cache_clear()


def found(old: str, new: str) -> list[tuple[str, str | None]]:
    """Codes and places of the problems when the sample's file says something else."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    declared = read_declarations(text.replace(old, new, 1), "sample/fields.toml")
    tables = list(register.tables_of(apps.get_app_config("sample")))
    told = checks.compare_declarations(tables, declared, "sample/fields.toml")
    return [(problem.message.key, problem.place.field) for problem in told]


def test_the_file_as_it_is_has_no_problem() -> None:
    assert found("[Sample]", "[Sample]") == []


@pytest.mark.parametrize(
    ("old", "new", "key", "where"),
    [
        ('urgent = { tier = "coded", for = "Yes or no." }\n', "", "field-undeclared",
         "Sample.urgent"),
        ("urgent = {", "hurried = {", "field-gone", "Sample.hurried"),
        ("[Sample]", "[Gone]\nfor='x'\npurposes=['security']\nretention='installation'\n"
         "[Gone.fields]\n[Sample]", "model-gone", "Gone"),
        ('note = { tier = "coded"', 'note = { tier = "personal"', "not-sealed", "Sample.note"),
        ('note = { tier = "coded"', 'note = { tier = "sensitive"', "not-sealed", "Sample.note"),
        ('note = { tier = "coded"', 'note = { tier = "sealed"', "not-sealed", "Sample.note"),
        ('note = { tier = "coded"', 'note = { tier = "sealed", sealed_by = "marfa.crypto.aead"',
         "sealed-by-no-bytes", "Sample.note"),
        ("marfa.crypto.aead", "marfa.crypto.wishing", "sealed-by-unknown", "Sample.sealed"),
        ("marfa.crypto.aead", "os.path", "sealed-by-unknown", "Sample.sealed"),
        ('sealed_by = "marfa.crypto.aead", ', "", "not-sealed", "Sample.sealed"),
        ('retention = "with_record"', 'retention = "case"\nkept_from = "seen"',
         "kept-from-no-date", "Sample"),
        ('retention = "with_record"', 'retention = "case"\nkept_from = "urgent"',
         "kept-from-no-date", "Sample"),
        ('retention = "with_record"', 'retention = "own_end"\nkept_from = "made_at"\n'
         'longer = ["case"]', "longer-otherwise", "Sample"),
        ('subjects = ["id"]', 'subjects = ["person__id"]', "subject-unknown", "Sample"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(old: str, new: str, key: str, where: str) -> None:
    assert (key, where) in found(old, new)


def test_a_table_that_nobody_declared() -> None:
    text = FILE.read_text(encoding="utf-8")
    declared = read_declarations(text[text.index("[SampleFact]") :], "f")
    [problem] = checks.compare_declarations([Sample], {}, "f")
    assert problem.message.key == "model-undeclared"
    assert 'urgent = { tier = "...", for = "..." }' in render_problem(problem)
    assert "Sample" not in declared


def test_the_sentence_says_what_to_write_where() -> None:
    class Boat(models.Model):
        draught = models.IntegerField()

        class Meta:
            app_label = "never_installed"
            managed = False

        def __str__(self) -> str:
            return "boat"

    try:
        head = "[Boat]\nfor='A boat.'\npurposes=['security']\nretention='installation'\n"
        declared = read_declarations(head + "[Boat.fields]\nid={tier='system',for='Key.'}", "f")
        [problem] = checks.compare_declarations([Boat], declared, "harbour/fields.toml")
    finally:
        apps.all_models.pop("never_installed")
        apps.clear_cache()
    assert render_problem(problem) == (
        "harbour/fields.toml, field Boat.draught: The field is stored and not declared. "
        'Add to [Boat.fields]: draught = { tier = "...", for = "..." }'
    )


def test_djangos_check_fails_where_an_app_declares_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forget: None
) -> None:
    assert not [error for error in run_checks() if error.id == "marfa.E001"]
    register.declarations_of.cache_clear()
    monkeypatch.setattr(apps.get_app_config("sample"), "path", str(tmp_path))
    [error] = [error for error in run_checks() if error.id == "marfa.E001"]
    assert "tests/support/sample/fields.toml" in error.msg


def test_a_foreign_app_that_nobody_declared_is_named(forget: None) -> None:
    config = apps.get_app_config("sessions")
    label, config.label = config.label, "sessions_of_another"
    try:
        path, name = register.file_of(config)
    finally:
        config.label = label
    assert name == "marfa/safeguards/fields/foreign/sessions_of_another.toml"
    assert not path.is_file()


def test_the_command_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    from marfa.cli.server.installation import check_register

    check_register()
    found = list(checks.compare_declarations([Sample], {}, "f"))
    monkeypatch.setattr(checks, "problems_in_register", lambda: found)
    with pytest.raises(InputError):
        check_register()


def test_tier_of() -> None:
    assert register.tier_of(Sample, "note") is Tier.CODED
    assert register.tier_of(Sample, "sealed") is Tier.PERSONAL
    assert register.tier_of(Sample, "never_declared") is Tier.SEALED


def test_facts_for_the_charter() -> None:
    assert register.facts_of(Sample, ["id", "note"]) == (
        Tier.CODED,
        frozenset({Purpose.ASSISTANCE}),
    )
    assert register.facts_of(Sample, ["note", "sealed"])[0] is Tier.PERSONAL
    assert register.facts_of(Draft, ["sealed"])[0] is Tier.SENSITIVE
    assert register.facts_of(Sample, []) == (Tier.SYSTEM, frozenset())
    with pytest.raises(LookupError):
        register.facts_of(Sample, ["never_declared"])


def test_every_table_of_this_installation_is_declared_once() -> None:
    told = [model for model, _ in register.everything_declared()]
    assert set(told) == set(apps.get_models(include_auto_created=True))
    assert len(told) == len(set(told))

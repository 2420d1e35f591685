"""Which tests run where: what a developer waits for, what is left to the rest, what depends on the
database, and what the newest Python is tried with. Paths are those of pytest, from the root: a
folder, a file, or one test of a file."""

from __future__ import annotations

# What depends on the database, and so runs a second time.
DATABASE = (
    "tests/apps",
    "tests/attack/test_kills.py",
    "tests/attack/test_orders_of_steps.py",
    "tests/attack/test_references.py",
    "tests/canary/test_canary.py",
    "tests/charter/test_machine.py",
    "tests/cli/server/test_backup.py",
    "tests/cli/server/test_on_postgresql.py",
    "tests/cli/server/test_three_roles.py",
    "tests/platform/deadlines",
    "tests/platform/files",
    "tests/platform/jobs",
    "tests/platform/limits",
    "tests/platform/outbox",
    "tests/platform/facts",
    "tests/platform/revisions",
    "tests/platform/rowsecurity",
    "tests/platform/test_time_travel.py",
    "tests/safeguards",
    "tests/web",
)
# What is decided above the database, apps whose questions to it are those of others, pages, and
# faults planted there and found in the run on SQLite; ``--all`` runs it on both.
ONCE = (
    "tests/web",
    "tests/apps/accounts",
    "tests/apps/assistance",
    "tests/apps/background",
    "tests/apps/complaints",
    "tests/apps/form_pages",
    "tests/apps/incidents",
    "tests/apps/leaflets",
    "tests/apps/materials/test_sheets.py",
    "tests/apps/log",
    "tests/apps/oversight",
    "tests/apps/proceedings",
    "tests/apps/screening",
    "tests/apps/sealed_records",
    "tests/apps/upkeep",
    "tests/apps/site_cards",
    "tests/apps/tours",
    "tests/apps/privacy/test_rights.py::test_every_member_of_staff_can_be_erased",
    "tests/attack/test_references.py",
    "tests/apps/cases/test_supervision.py",
    "tests/apps/referrals/test_demo.py",
    "tests/apps/referrals/test_exchange.py",
    "tests/apps/referrals/test_one_time_page.py",
    "tests/apps/registry/test_demo.py",
    "tests/apps/registry/test_histories.py",
    "tests/apps/reception/test_no_profiling.py",
    "tests/apps/consents/test_disclosure_machine.py",
    "tests/apps/privacy/test_world.py",
    "tests/charter/test_machine.py",
    "tests/platform/files/test_processes.py",
    "tests/safeguards/charter/test_facts_as_cedar.py",
    "tests/safeguards/fields/test_against_the_charter.py",
    "tests/safeguards/sealed/test_stories.py",
    "tests/safeguards/vault/test_world.py",
)
# What PostgreSQL alone has: rows that it keeps apart, roles of the database, writers side by side.
FIRST_ON_POSTGRESQL = (
    "tests/apps/organisations/test_last_administrator.py",
    "tests/apps/registry/test_row_security.py",
    "tests/platform/jobs",
    "tests/platform/rowsecurity",
    "tests/safeguards/audit",
)
FIRST_JOURNEYS = ("tests/journeys/test_shell.py",)
# Searches among many histories, faults planted one by one, servers that are killed, installations
# that are backed up and brought back: left to ``make test-rest``.
LONG = (
    "tests/apps/assistance/test_unconditional_help.py::test_a_planted_fault_is_found",
    "tests/apps/forms/test_durability.py",
    "tests/apps/organisations/test_roles.py::Histories",
    "tests/apps/registry/test_histories.py",
    "tests/apps/reception/test_no_profiling.py",
    "tests/apps/consents/test_disclosure_machine.py",
    "tests/apps/registry/test_two_worlds.py",
    "tests/apps/privacy/test_world.py",
    "tests/attack",
    "tests/canary",
    "tests/charter/test_machine.py",
    "tests/charter/test_mutants.py",
    "tests/cli/server",
    "tests/methods/disclosure/tables/test_protection.py",
    "tests/methods/estimation/test_answers.py",
    "tests/methods/estimation/test_documents.py",
    "tests/methods/estimation/test_intervals.py",
    "tests/methods/estimation/test_models.py",
    "tests/platform/files/test_processes.py",
    "tests/platform/revisions/test_three_editors.py",
    "tests/safeguards/charter/test_facts_as_cedar.py",
    "tests/safeguards/fields/test_against_the_charter.py",
    "tests/safeguards/sealed/test_stories.py",
    "tests/safeguards/vault/test_world.py",
    "tests/test_wheel.py",
)
# On the newest Python that is supported, beside what runs there on PostgreSQL: what the libraries
# stand on, and what is on PostgreSQL on the other. All tests run there in ``make test-all``.
LIBRARIES = (
    "tests/crypto",
    "tests/domain",
    "tests/platform/jobs",
    "tests/platform/rowsecurity",
    "tests/safeguards/audit",
)


def without(parts: tuple[str, ...]) -> list[str]:
    """The options with which pytest leaves these out."""
    return [option for part in parts for option in ("--deselect", part)]

"""The charter of a set of apps and desks: the core, and what each app brings to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings

from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message, translator_for
from marfa.domain.desks import Desk, who_works_at
from marfa.domain.message import Message
from marfa.safeguards.charter.parts import HERE, LATER, CharterPart, every_part, installed_parts
from marfa.safeguards.charter.schema import join_schema
from marfa.safeguards.charter.source import (
    DESKS_FILE,
    TITLE,
    Policy,
    desk_policies,
    read_policies,
    words_named,
)

CORE = "safeguards.charter.policies"


@dataclass(frozen=True, eq=False)
class Charter:
    """Policies, schema and questions that belong together.

    policies: the rules first, then who works where. tables: TOML of the decision table, by file.
    unmatched: actions that a part widens and that no part declares.
    """

    desks: tuple[str, ...]
    policies: tuple[Policy, ...]
    schema: str
    tables: tuple[str, ...]
    unmatched: frozenset[str]


@lru_cache(maxsize=64)
def load_charter(parts: tuple[CharterPart, ...], desks: tuple[str, ...] = tuple(Desk)) -> Charter:
    """The charter of an installation with these parts and desks.

    Raises ValueError where a policy has no ``@id``, an id twice, or an annotation nobody knows.
    """
    every = (LATER, *parts)
    policies = _with_own_ids(_policies(every, desks))
    joined = join_schema(
        [
            (HERE / "schema.cedarschema").read_text(encoding="utf-8"),
            *(text for part in every for _, text in part.texts(".cedarschema")),
        ],
        desks,
        words_named(policies),
    )
    core = CharterPart("", HERE / "cases")
    tables = tuple(text for part in (core, *every) for _, text in part.texts(".toml"))
    return Charter(desks, policies, joined.text, tables, joined.unmatched)


def whole_charter() -> Charter:
    """The charter of all apps and all desks, which no installation has: for what is asked of all
    of it, such as the decision table."""
    return load_charter(every_part())


def the_charter() -> Charter:
    """The charter of this process: of the installed apps and the desks of the installation, or the
    whole one where Django is not set up."""
    return _installed() if apps.apps_ready else whole_charter()


@lru_cache(maxsize=1)
def _installed() -> Charter:
    return load_charter(installed_parts(), tuple(settings.DESKS))


def all_policies() -> tuple[Policy, ...]:
    """All policies of this process's charter, by file and in the order they stand there."""
    return the_charter().policies


def schema_text() -> str:
    """The schema of this process's charter, in Cedar's own syntax."""
    return the_charter().schema


def _policies(parts: Iterable[CharterPart], desks: tuple[str, ...]) -> Iterable[Policy]:
    core = CharterPart("", HERE / "policies")
    for name, text in core.texts(".cedar"):
        yield from read_policies(text, name)
    yield from read_policies(desk_policies(desks), DESKS_FILE)
    for part in parts:
        for name, text in part.texts(".cedar"):
            yield from read_policies(text, f"{part.name}/{name}")


def _with_own_ids(given: Iterable[Policy]) -> tuple[Policy, ...]:
    found: dict[str, Policy] = {}
    for policy in given:
        if policy.id in found:
            raise ValueError(f"two policies are called {policy.id}")
        found[policy.id] = policy
    return tuple(found.values())


def title_of(file: str, language: str) -> str:
    """What the policies of a file are about, for people."""
    name, slash, file_name = file.partition("/")
    if not slash:
        key = name.removesuffix(".cedar").replace("_", "-")
        return render_message(Message(f"safeguards.charter:file-{key}"), language)
    (part,) = (part for part in _known_parts() if part.name == name)
    text = (part.folder / file_name).read_text(encoding="utf-8")
    title = TITLE.match(text)
    if title is None:
        raise ValueError(f"{file} has no title")
    return policy_translator(language)(title[1])


def policy_translator(language: str) -> Callable[[str], str]:
    """A gettext function for the words of the policies, wherever they stand."""
    of_core = translator_for(CORE, language)
    of_parts = {} if language == SOURCE_LANGUAGE else _words_of_parts(_known_parts(), language)

    def translate(text: str) -> str:
        return of_parts.get(text) or of_core(text)

    return translate


@lru_cache(maxsize=8)
def _words_of_parts(parts: tuple[CharterPart, ...], language: str) -> dict[str, str]:
    """English -> translation, of the parts and of the desks."""
    told = (who_works_at(desk) for desk in Desk)
    found = {words["en"]: words[language] for words in told if language in words}
    for part in parts:
        for file in part.catalogues(language):
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale=language)
            found |= {str(entry.id): str(entry.string) for entry in catalogue if entry.id}
    return found


def _known_parts() -> tuple[CharterPart, ...]:
    return (LATER, *installed_parts())

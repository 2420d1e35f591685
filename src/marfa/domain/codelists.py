"""Code lists: what may be chosen, in six languages, and how it maps to the field's standards.

One list is one file in ``lists/``, but for those that are declared with the desks; its codes are
stored, its labels are shown. Nationality, country and language come from ISO through libraries:
see ``countries`` and ``languages``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from marfa.domain.desks import lists_of_desks, table_of_list
from marfa.domain.message import InputError, Message

UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
"""Every label is there in each of these."""

Standard = Literal["htcds", "ctdc"]
"""Human Trafficking Case Data Standard 2.0; Counter-Trafficking Data Collaborative."""

STANDARDS: tuple[Standard, ...] = ("htcds", "ctdc")

Text = Mapping[str, str]
"""Language -> text."""


def in_language(text: Text, language: str) -> str:
    """The text in a language (``"ar"``, ``"ar_SY"``); English where it has none."""
    return text.get(language) or text.get(language.replace("-", "_").split("_")[0]) or text["en"]


@dataclass(frozen=True)
class Mapped:
    """Where a code goes in a standard.

    targets: ``field=code`` in HTCDS, the name of a variable in CTDC; empty where it has no place.
    loss: what the standard cannot say, by language; None where nothing is lost.
    when: other mappings that hold where something more is known (``list=code``).
    """

    targets: tuple[str, ...]
    loss: Text | None = None
    when: tuple[tuple[str, Mapped], ...] = ()

    def loss_in(self, language: str) -> str | None:
        """The loss as a sentence in a language."""
        return in_language(self.loss, language) if self.loss else None


@dataclass(frozen=True)
class Code:
    """One entry of a list."""

    code: str
    labels: Text
    definition: Text | None
    attributes: Mapping[str, str | int | bool]
    mapped: Mapping[Standard, Mapped]


@dataclass(frozen=True)
class CodeList:
    """One list, in the order of its file.

    several: several codes may hold at once.
    reviewed: the translations were reviewed by a professional translator; else they are drafts.
    htcds_field: the field of HTCDS 2.0 whose own list this is; None for the project's lists.
    """

    name: str
    title: Text
    entries: tuple[Code, ...]
    source: str
    licence: str
    several: bool
    reviewed: bool
    htcds_field: str | None
    note: str | None
    corrections: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(entry.code for entry in self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def entry(self, code: str) -> Code:
        """The entry of a code. Raises InputError when the list has no such code."""
        for entry in self.entries:
            if entry.code == code:
                return entry
        params = {"code": code, "list": self.name}
        raise InputError.at(Message("domain:list-no-code", params))

    def label(self, code: str, language: str = "en") -> str:
        """The label of a code in a language (any of UN_LANGUAGES, with or without a region)."""
        return in_language(self.entry(code).labels, language)

    def map(self, code: str, standard: Standard, *, known: Collection[str] = ()) -> Mapped | None:
        """Where a code goes in a standard; None where the list says nothing about it.

        known: what else is recorded, as ``list=code``. Recruitment by an armed group has a code
        in HTCDS that recruitment by State forces must not get: without
        ``conflict_link=by_armed_or_terrorist_group`` it is sent as Other.
        """
        entry = self.entry(code)
        if standard == "htcds" and self.htcds_field:
            return Mapped((f"{self.htcds_field}={code}",))
        mapped = entry.mapped.get(standard)
        if mapped is None:
            return None
        return next((other for needed, other in mapped.when if needed in known), mapped)

    def choices(self, language: str = "en") -> list[tuple[str, str]]:
        """Code and label of every entry, for a form."""
        return [(entry.code, in_language(entry.labels, language)) for entry in self.entries]


@cache
def list_names() -> tuple[str, ...]:
    """Names of all lists, sorted."""
    folder = files("marfa.domain") / "lists"
    found = (file.name for file in folder.iterdir())
    in_files = (name.removesuffix(".toml") for name in found if name.endswith(".toml"))
    return tuple(sorted((*in_files, *lists_of_desks())))


@cache
def codelist(name: str) -> CodeList:
    """A list by its name. Raises InputError when there is none, or its file is wrong."""
    from marfa.domain.codelist_files import read_list, read_table

    if name not in list_names():
        raise InputError.at(Message("domain:list-unknown", {"list": name}))
    if name in lists_of_desks():
        return read_table(table_of_list(name), name)
    file = files("marfa.domain") / "lists" / f"{name}.toml"
    return read_list(file.read_text(encoding="utf-8"), name)

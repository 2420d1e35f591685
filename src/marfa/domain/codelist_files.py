"""Reading a file of a code list, with every fault named by file and code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from marfa.domain.catalogue import LANGUAGES
from marfa.domain.codelists import (
    STANDARDS,
    UN_LANGUAGES,
    Code,
    CodeList,
    Mapped,
    Standard,
    Text,
    codelist,
    list_names,
)
from marfa.domain.message import InputError, Message, Place, Problem

_LIST_KEYS = {
    "name": str,
    "title": dict,
    "source": str,
    "licence": str,
    "translations": str,
    "codes": list,
    "htcds_field": str,
    "several": bool,
    "note": str,
    "corrections": list,
}
_OPTIONAL = {"htcds_field", "several", "note", "corrections"}
_CODE_KEYS = {"code", "label", "definition", "attributes", *STANDARDS}


class _Reader:
    """Collects the faults of one file, so that all are named at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, fault: str, code: str | None = None, **params: object) -> None:
        place = Place(file=self.file, field=code)
        self.problems.append(Problem(Message(f"domain:list-file-{fault}", params), place))

    def text(self, value: object, languages: tuple[str, ...], code: str | None) -> Text:
        """Language -> text, all languages there and none empty."""
        texts = value if isinstance(value, dict) else {}
        missing = [name for name in languages if not str(texts.get(name, "")).strip()]
        if missing:
            self.fault("language", code, languages=", ".join(missing))
        return MappingProxyType({name: str(text) for name, text in texts.items()})

    def entry(self, data: Mapping[str, Any], number: int) -> Code:
        code = str(data.get("code", ""))
        if not code:
            self.fault("no-code", number=number)
        for key in set(data) - _CODE_KEYS:
            self.fault("key", code, key=key)
        definition = data.get("definition")
        mapped = {name: self.mapped(data[name], code) for name in STANDARDS if name in data}
        return Code(
            code=code,
            labels=self.text(data.get("label"), UN_LANGUAGES, code),
            definition=None if definition is None else self.text(definition, LANGUAGES, code),
            attributes=MappingProxyType(dict(data.get("attributes", {}))),
            mapped=MappingProxyType(mapped),
        )

    def mapped(self, data: Mapping[str, Any], code: str) -> Mapped:
        targets = tuple(str(target) for target in data.get("to", ()))
        loss = self.text(data["loss"], LANGUAGES, code) if "loss" in data else None
        if not targets and loss is None:
            self.fault("loss", code)
        when = tuple((str(item["known"]), self.mapped(item, code)) for item in data.get("when", ()))
        return Mapped(targets, loss, when)


def read_list(text: str, name: str) -> CodeList:
    """A code list from the text of its file.

    Raises InputError naming file and code: broken TOML, keys that are missing or not known, a
    language missing, a code twice, a code that maps to nothing without saying what is lost.
    """
    reader = _Reader(f"{name}.toml")
    return _list_of(_parsed(text, reader), name, reader)


def read_table(data: dict[str, Any], name: str) -> CodeList:
    """A code list from a table as a file has it. Raises InputError as ``read_list`` does."""
    return _list_of(data, name, _Reader(name))


def _list_of(data: dict[str, Any], name: str, reader: _Reader) -> CodeList:
    _check_keys(data, reader)
    entries = tuple(reader.entry(item, n) for n, item in enumerate(data["codes"], start=1))
    for code in {e.code for e in entries if sum(other.code == e.code for other in entries) > 1}:
        reader.fault("twice", code)
    if data["name"] != name:
        reader.fault("name", name=data["name"])
    if data["translations"] not in {"draft", "reviewed"}:
        reader.fault("translations", value=data["translations"])
    title = reader.text(data["title"], UN_LANGUAGES, None)
    if reader.problems:
        raise InputError(*reader.problems)
    return CodeList(
        name=name,
        title=title,
        entries=entries,
        source=data["source"],
        licence=data["licence"],
        several=data.get("several", False),
        reviewed=data["translations"] == "reviewed",
        htcds_field=data.get("htcds_field"),
        note=data.get("note"),
        corrections=tuple(data.get("corrections", ())),
    )


@cache
def known_targets(standard: Standard) -> frozenset[str]:
    """Everything that a mapping to a standard may name."""
    if standard == "htcds":
        lists = (codelist(name) for name in list_names())
        own = (listed for listed in lists if listed.htcds_field)
        return frozenset(f"{listed.htcds_field}={code}" for listed in own for code in listed.codes)
    file = files("marfa.domain") / "lists" / "targets" / f"{standard}.toml"
    return frozenset(tomllib.loads(file.read_text(encoding="utf-8"))["names"])


def _parsed(text: str, reader: _Reader) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.fault("toml", detail=str(error))
        raise InputError(*reader.problems) from None


def _check_keys(data: Mapping[str, Any], reader: _Reader) -> None:
    """Raise InputError where a table lacks keys, or has others or of a wrong type."""
    for key in set(data) - set(_LIST_KEYS):
        reader.fault("key", key=key)
    for key, kind in _LIST_KEYS.items():
        if key not in data:
            if key not in _OPTIONAL:
                reader.fault("missing", key=key)
        elif not isinstance(data[key], kind):
            reader.fault("kind", key=key)
    if not reader.problems and not data["codes"]:
        reader.fault("missing", key="codes")
    if reader.problems:
        raise InputError(*reader.problems)

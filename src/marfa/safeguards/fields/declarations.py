"""Reading ``fields.toml``: what an app says of each field that it stores.

The file has one table a model. What stands in the table holds for all its fields; each field adds
its tier and what it is for, and may replace ``purposes``, ``legal_bases`` and ``roles``::

    [User]
    for = "A member of staff."
    purposes = ["administration", "security"]
    legal_bases = ["contract"]
    retention = "staff"
    kept_from = "left_at"
    roles = ["administrator"]
    subjects = ["id"]
    named = ["engaged_by"]

    [User.fields]
    username = { tier = "staff", for = "What the person signs in with." }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds import ORIGINS, Subject
from marfa.safeguards.words import LegalBasis, Purpose, Role, Tier

_MODEL_KEYS: dict[str, type] = {
    "for": str,
    "purposes": list,
    "legal_bases": list,
    "retention": str,
    "kept_from": str,
    "longer": list,
    "roles": list,
    "subjects": list,
    "named": list,
    "pseudonyms": str,
    "fields": dict,
}
_MODEL_OPTIONAL = {"legal_bases", "kept_from", "longer", "roles", "subjects", "named", "pseudonyms"}
_FIELD_KEYS: dict[str, type] = {
    "tier": str,
    "for": str,
    "purposes": list,
    "legal_bases": list,
    "roles": list,
    "sealed_by": str,
    "about_others": bool,
    "shared_for": list,
    "origin": str,
}
_FIELD_OPTIONAL = _FIELD_KEYS.keys() - {"tier", "for"}

# Which code list a key's words come from.
_LISTS = {
    "tier": "sensitivity_tiers",
    "retention": "retention_classes",
    "longer": "retention_classes",
    "purposes": "purposes",
    "shared_for": "purposes",
    "legal_bases": "legal_bases",
    "roles": "roles",
}
_NOT_FOR = {
    # Whoever looks after users and keys reads no identities; who supervises reads no narrative.
    Role.ADMINISTRATOR: {Tier.PERSONAL, Tier.SENSITIVE, Tier.SEALED},
    Role.DATA_PROTECTION_OFFICER: {Tier.SENSITIVE, Tier.SEALED},
}


@dataclass(frozen=True)
class FieldDeclaration:
    """What one field is.

    sealed_by: module that seals what this field holds, where no vault field does.
    about_others: it may say something of people whom the row is not about.
    shared_for: for which of its purposes it may be sent to somebody outside; none, it stays.
    origin: what of somebody's origin it tells, on which no decision may rest; nothing, if none.
    """

    name: str
    tier: Tier
    meaning: str
    purposes: tuple[Purpose, ...]
    legal_bases: tuple[LegalBasis, ...]
    roles: tuple[Role, ...]
    sealed_by: str = ""
    about_others: bool = False
    shared_for: tuple[Purpose, ...] = ()
    origin: Subject | None = None


@dataclass(frozen=True)
class ModelDeclaration:
    """What one table is.

    retention: code of the list ``retention_classes``.
    kept_from: lookup of the date from which the period runs; empty where the class has none.
    longer: classes that count instead for some of its rows, as ``longer`` knows them.
    subjects: lookups of the keys of the persons whom a row is about; it goes when they are erased.
    named: lookups of the keys of people who are merely named in it, such as who wrote it.
    pseudonyms: where the subjects are pseudonyms, the function that derives them again from keys of
        persons and of other rows, as ``module:name``; nothing else tells whose a row is.
    """

    name: str
    meaning: str
    retention: str
    kept_from: str
    longer: tuple[str, ...]
    subjects: tuple[str, ...]
    named: tuple[str, ...]
    pseudonyms: str
    fields: Mapping[str, FieldDeclaration]


class _Reader:
    """Collects the faults of one file, so that all are named at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, key: str, where: str | None = None, /, **params: object) -> None:
        place = Place(file=self.file, field=where)
        self.problems.append(Problem(Message(f"safeguards.fields:{key}", params), place))

    def table(
        self, data: object, where: str, keys: Mapping[str, type], optional: set[str]
    ) -> dict[str, Any]:
        """The keys that are right; the others are faults."""
        given = data if isinstance(data, dict) else {}
        for key in sorted(keys.keys() - optional - given.keys()):
            self.fault("key-missing", where, key=key)
        for key in sorted(given.keys() - keys.keys()):
            self.fault("key-unknown", where, key=key, known=", ".join(keys))
        right = {key: given[key] for key in keys if isinstance(given.get(key), keys[key])}
        for key in sorted((given.keys() & keys.keys()) - right.keys()):
            self.fault("key-kind", where, key=key)
        return {key: self._known(value, key, where) for key, value in right.items()}

    def _known(self, value: Any, key: str, where: str) -> Any:
        """The value without the words that its list does not have."""
        if key not in _LISTS:
            return value
        listed = codelist(_LISTS[key])
        words = value if isinstance(value, list) else [value]
        for word in (word for word in words if word not in listed):
            known = ", ".join(listed.codes)
            self.fault("word-unknown", where, word=str(word), list=listed.name, known=known)
        known_words = [word for word in words if word in listed]
        return known_words if isinstance(value, list) else next(iter(known_words), None)

    def model(self, name: str, data: object) -> ModelDeclaration:
        table = self.table(data, name, _MODEL_KEYS, _MODEL_OPTIONAL)
        retention = table.get("retention")
        if retention:
            timed = "days" in codelist("retention_classes").entry(retention).attributes
            if timed != ("kept_from" in table):
                key = "kept-from-missing" if timed else "kept-from-needless"
                self.fault(key, name, retention=retention)
            if not timed and table.get("longer"):
                self.fault("longer-needless", name, retention=retention)
        fields = {
            field: found
            for field, entry in table.get("fields", {}).items()
            if (found := self.field(f"{name}.{field}", field, entry, table))
        }
        return ModelDeclaration(
            name=name,
            meaning=table.get("for", ""),
            retention=retention or "",
            kept_from=table.get("kept_from", ""),
            longer=tuple(table.get("longer", ())),
            subjects=tuple(table.get("subjects", ())),
            named=tuple(table.get("named", ())),
            pseudonyms=table.get("pseudonyms", ""),
            fields=fields,
        )

    def field(
        self, where: str, name: str, entry: object, model: Mapping[str, Any]
    ) -> FieldDeclaration | None:
        table = self.table(entry, where, _FIELD_KEYS, _FIELD_OPTIONAL)
        if not table.get("tier"):
            return None
        merged = {key: table.get(key, model.get(key, ())) for key in ("purposes", "legal_bases")}
        declared = FieldDeclaration(
            name=name,
            tier=Tier(table["tier"]),
            meaning=table.get("for", ""),
            purposes=tuple(map(Purpose, merged["purposes"])),
            legal_bases=tuple(map(LegalBasis, merged["legal_bases"])),
            roles=tuple(map(Role, table.get("roles", model.get("roles", ())))),
            sealed_by=table.get("sealed_by", ""),
            about_others=table.get("about_others", False),
            shared_for=tuple(map(Purpose, table.get("shared_for", ()))),
            origin=self.origin(where, table.get("origin", "")),
        )
        self.rules(where, declared)
        return declared

    def origin(self, where: str, word: str) -> Subject | None:
        if word and word not in ORIGINS:
            known = ", ".join(sorted(ORIGINS))
            self.fault("word-unknown", where, word=word, list="origin", known=known)
            return None
        return Subject(word) if word else None

    def rules(self, where: str, field: FieldDeclaration) -> None:
        """What a tier demands of purposes, legal bases and roles."""
        if not field.meaning.strip():
            self.fault("meaning-missing", where)
        if not field.purposes:
            self.fault("purpose-missing", where)
        for purpose in field.shared_for:
            if purpose not in field.purposes or field.tier is Tier.SEALED:
                self.fault("shared-beyond", where, purpose=purpose.value)
        if field.tier is Tier.SYSTEM:
            return
        if not field.legal_bases:
            self.fault("basis-missing", where, tier=field.tier.value)
        if field.tier in (Tier.SENSITIVE, Tier.SEALED):
            bases = codelist("legal_bases")
            for basis in field.legal_bases:
                if not bases.entry(basis.value).attributes["sensitive"]:
                    self.fault("basis-weak", where, basis=basis.value, tier=field.tier.value)
        for role in field.roles:
            if field.tier in _NOT_FOR.get(role, ()):
                self.fault("role-may-not", where, role=role.value, tier=field.tier.value)


def read_declarations(text: str, file: str) -> dict[str, ModelDeclaration]:
    """Model name -> declaration, from the text of a ``fields.toml``.

    file: its name in what is said of it. Raises InputError with every fault: broken TOML, keys
    missing or unknown, a word that its code list lacks, a tier without what it demands.
    """
    reader = _Reader(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.fault("not-toml", detail=str(error))
        raise InputError(*reader.problems) from None
    found = {name: reader.model(name, table) for name, table in data.items()}
    if reader.problems:
        raise InputError(*reader.problems)
    return found

"""Which tables hold something of a person, and whether the database keeps their rows apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Error
from django.db.models import Model

from marfa.domain.message import InputError
from marfa.platform.rowsecurity.inspection import owned_models, telling_keys
from marfa.platform.rowsecurity.ownership import owned_rows
from marfa.safeguards.fields.declarations import ModelDeclaration
from marfa.safeguards.fields.register import everything_declared
from marfa.safeguards.words import Tier

OF_A_PERSON = frozenset({Tier.CODED, Tier.PERSONAL, Tier.SENSITIVE, Tier.SEALED})

NOT_KEPT_APART = {
    "audit.Entry": "keys and codes; it is one log for all, which the data-protection officer reads",
    "form_pages.LateForm": "encrypted, and asked for by the user whose it is alone",
    "incidents.Note": "encrypted; the controller keeps one register of incidents for all",
    "organisations.Assignment": "keys; it decides what is seen",
    "organisations.Exclusion": "keys; it decides what is seen",
    "organisations.AccessGrant": "keys; the policies themselves read it",
    "consents.RecallNotice": "keys, codes and moments; a past recipient answers it when the person"
    " is no longer open to it",
    "privacy.DataRequest": "keys, kinds and moments; data-protection officers keep the list of all",
    "privacy.Hold": "the same, of orders to keep data",
    "privacy.RequestAnswer": "keys, codes and moments, as of the requests that it answers",
    "sealed.OpeningRequest": "keys and a coded reason; it decides who opens",
    "sealed.SealedRecord": "encrypted for each of its holders; the server cannot read it",
    "vault.Erasure": "keys of those who are erased; kept from coming back with a backup",
    "vault.RecordKey": "wrapped keys, worth nothing without the row that they open",
    "vault.RecordWrap": "wrapped keys, worth nothing without the row that they open",
    "vault.SubjectKey": "wrapped keys, worth nothing without the row that they open",
}
"""Tables with something of a person that the database does not keep apart, and why."""


def tables_left_open(
    declared: Iterable[tuple[type[Model], ModelDeclaration]] | None = None,
) -> Iterator[str]:
    """Tables of ours that hold something of a person, whose model does not say whose its rows are
    and which are not excused above, such as ``people.Person``."""
    for model, declaration in declared if declared is not None else everything_declared():
        label = model._meta.label
        ours = model.__module__.startswith("marfa.")
        tiers = {field.tier for field in declaration.fields.values()}
        if ours and tiers & OF_A_PERSON and not owned_rows(model) and label not in NOT_KEPT_APART:
            yield label


def check_rows(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Django's system checks ``marfa.E020`` and ``marfa.E021``."""
    try:
        left_open = list(tables_left_open())
    except InputError:
        return []  # the register itself is wrong: marfa.E001 says how
    found: list[CheckMessage] = [
        Error(
            f"{label} holds something of a person, and the database does not keep its rows apart:"
            " give the model owned_rows and run makemigrations",
            id="marfa.E020",
        )
        for label in left_open
    ]
    found += [
        Error(
            f"{model._meta.label}: {name} is unique across owners, and would tell one what another"
            " has: put the owner into it",
            id="marfa.E021",
        )
        for model in owned_models()
        for name in telling_keys(model)
    ]
    return found

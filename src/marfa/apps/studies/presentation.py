"""What a study found, in the words of a page. Rates are said in people, and what too few people
cannot say is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.organisations.models import Site
from marfa.domain.codelists import codelist
from marfa.domain.languages import own_name
from marfa.domain.message import Message

BY: Mapping[str, Promise] = {
    "site": _("By site"),
    "sex": _("By sex"),
    "language": _("By language"),
    "interpreter": _("By interpreter"),
}
UNLIKE: Mapping[str, Promise] = {**BY, "age_group": _("By age")}
OURS = {"methods.screening:study-incorporation": Message("apps.studies:incorporation")}
"""Here the panel reads no screening, but whoever assessed may have."""
INTERPRETER = {"yes": _("with an interpreter"), "no": _("without an interpreter")}


@dataclass(frozen=True)
class RateShown:
    """A rate with its interval, and the bounds that hold whoever was assessed; all as shares."""

    label: Promise | str
    estimate: float | None
    low: float = 0
    high: float = 0
    least: float = 0
    most: float = 0


@dataclass(frozen=True)
class GroupShown:
    """One group. people, assessed, victims: None where the reader may not see them."""

    name: object
    rates: tuple[RateShown, RateShown]
    people: int | None
    assessed: int | None
    victims: int | None


@dataclass(frozen=True)
class AgreementShown:
    """One item: what is said of it when several score the same interview."""

    words: str
    interviews: int
    alpha: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ItemShown:
    """An item that may not work alike in two groups. exposure: how often each said yes."""

    words: str
    size: str
    log_odds: float
    low: float
    high: float
    expected: float | None


def rates_shown(result: Mapping[str, Any]) -> tuple[RateShown, RateShown]:
    """Of victims how many are flagged, and of others how many are not."""
    return (
        _rate(_("Of the victims, flagged"), result["sensitivity"]),
        _rate(_("Of the others, not flagged"), result["specificity"]),
    )


def _rate(label: Promise, told: Mapping[str, Any] | None) -> RateShown:
    if told is None:
        return RateShown(label, None)
    least, most = told["bounds"]
    return RateShown(label, told["estimate"], told["low"], told["high"], least, most)


def groups_shown(
    result: Mapping[str, Any], *, counts: bool
) -> list[tuple[Promise, list[GroupShown]]]:
    """Rates by site, sex, language and interpreter. Who may not see the counts of small groups
    sees no count at all, so that none can be worked out of the others."""
    names: dict[str, Mapping[str, object]] = {
        "site": _site_names(result["by"].get("site", {})),
        "interpreter": INTERPRETER,
    }
    found = []
    for column, title in BY.items():
        groups = result["by"].get(column, {})
        rows = [
            GroupShown(
                _group(column, name, names.get(column, {})),
                rates_shown(told),
                *(told[key] if counts else None for key in ("people", "assessed", "victims")),
            )
            for name, told in (groups if counts else protected(groups)).items()
        ]
        found.append((title, rows))
    return found


def protected(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Groups without what would give a small one away: where one alone has no rate, it could be
    worked out of the others and of all, and the smallest of the others has none either."""
    found = {name: dict(told) for name, told in groups.items()}
    for rate in ("sensitivity", "specificity"):
        told = [name for name, each in found.items() if each[rate] is not None]
        if told and len(told) == len(found) - 1:
            found[min(told, key=lambda name: (found[name]["people"], name))][rate] = None
    return found


def _site_names(references: Iterable[str]) -> dict[str, object]:
    rows = Site.objects.filter(reference__in=list(references))
    return dict(rows.values_list("reference", "name"))


def _group(column: str, name: str, known: Mapping[str, object]) -> object:
    if column == "sex":
        return codelist("sex").label(name, get_language() or "en")
    if column == "age_group":
        return codelist("age_bands").label(name, get_language() or "en")
    return own_name(name) if column == "language" else known.get(name, name)


def agreement_shown(
    told: Mapping[str, Mapping[str, Any]], words: Mapping[str, str]
) -> list[AgreementShown]:
    """Items in the order of the list, those that nobody scored left out."""
    return [
        AgreementShown(
            text,
            told[item]["interviews"],
            *(told[item][key] for key in ("alpha", "low", "high")),
        )
        for item, text in words.items()
        if item in told
    ]


def unlike_items(
    result: Mapping[str, Any], words: Mapping[str, str]
) -> list[tuple[Promise, object, object, list[ItemShown], bool]]:
    """By which grouping, which group against which, its items that do not work alike, and whether
    there were enough people to say so of any."""
    found = []
    for each in result["dif"]:
        column = each["column"]
        known = INTERPRETER if column == "interpreter" else {}
        said = [one for one in each["items"] if one["size"]]
        rows = [
            ItemShown(
                words.get(one["item"], one["item"]),
                one["size"],
                *(one[key] for key in ("log_odds", "low", "high", "expected")),
            )
            for one in said
            if one["size"] != "A"
        ]
        first, second = (_group(column, each[key], known) for key in ("group", "against"))
        found.append((UNLIKE[column], first, second, rows, bool(said)))
    return found


def remarks_shown(result: Mapping[str, Any]) -> list[Message]:
    """What must be read beside the figures."""
    return [
        OURS.get(each["code"])
        or Message(each["code"], each["params"], count=_count(each["params"]))
        for each in result["remarks"]
    ]


def _count(params: Mapping[str, Any]) -> int | None:
    found: Sequence[Any] = [params.get("people")]
    return next((each for each in found if isinstance(each, int)), None)

"""Where the project's words go in the standard, and the standard's in CTDC, with what is lost.

The mappings themselves stand in the code lists of ``marfa.domain``, code by code with a sentence
for each loss; here they are joined for a whole case. CTDC: names of the variables of the dataset
of the Counter-Trafficking Data Collaborative of 14 April 2020.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from marfa.domain.codelists import Standard, Text, codelist, in_language
from marfa.methods.htcds.record import Case

TYPE_OF_EXPLOITATION = "vic_TypeOfExploitation"
TYPE_OF_SEX_EXPLOITATION = "vic_TypeOfSexExploitation"


@dataclass(frozen=True)
class Loss:
    """What the other side can no longer know of one code."""

    codes: str
    code: str
    text: Text

    def in_language(self, language: str) -> str:
        return in_language(self.text, language)


@dataclass(frozen=True)
class Sent:
    """What arrives. codes: field -> its codes, without repeats (CTDC: variable -> ()).

    losses: one a code that loses something, in the order given.
    """

    codes: Mapping[str, tuple[str, ...]]
    losses: tuple[Loss, ...] = ()

    def of(self, field: str) -> tuple[str, ...]:
        return self.codes.get(field, ())


def map_codes(
    name: str, codes: Iterable[str], standard: Standard = "htcds", *, known: Collection[str] = ()
) -> Sent:
    """Codes of one list as a standard has them.

    known: what else is recorded, as ``list=code``. Raises InputError for a code that the list
    has not.
    """
    found: dict[str, list[str]] = {}
    losses = []
    for code in codes:
        mapped = codelist(name).map(code, standard, known=known)
        if mapped is None:
            continue
        for target in mapped.targets:
            field, _, value = target.partition("=")
            place = found.setdefault(field, [])
            if value and value not in place:
                place.append(value)
        if mapped.loss:
            losses.append(Loss(name, code, mapped.loss))
    return Sent({field: tuple(values) for field, values in found.items()}, tuple(losses))


def exploitation(forms: Iterable[str], links: Iterable[str] = ()) -> Sent:
    """The resolution's forms of exploitation as HTCDS has them; the link to conflict decides
    whether recruitment by armed forces or groups has a code there."""
    return map_codes("exploitation_forms", forms, known=[f"conflict_link={link}" for link in links])


def trafficking_status(state: str) -> str | None:
    """The HTCDS status of a state of identification; None where HTCDS has none."""
    found = map_codes("identification_states", [state]).of("vic_TraffickingStatus")
    return found[0] if found else None


def support_plan_type(support: str) -> str | None:
    """The HTCDS support plan of a type of support; None where HTCDS has none."""
    found = map_codes("support_types", [support]).of("spl_Type")
    return found[0] if found else None


def possible_forms(code: str) -> tuple[str, ...]:
    """The resolution's forms that may stand behind an HTCDS type of exploitation.

    The way back is never certain: several forms share a code, and four codes (child labour,
    forced begging, forced adoption, surrogacy) are behind no form of the resolution.
    """
    forms = codelist("exploitation_forms")
    target = f"{TYPE_OF_EXPLOITATION}={code}"
    found = []
    for form in forms.codes:
        mapped = forms.map(form, "htcds")
        others = [mapped, *(other for _, other in mapped.when)] if mapped else []
        if any(target in each.targets for each in others):
            found.append(form)
    return tuple(found)


def ctdc(case: Case) -> Sent:
    """Variables of CTDC that are 1 for a case, with what is lost.

    The finer forms of our extension are taken where they are there, else the standard's types.
    Years, ages, citizenship and countries are left to whoever publishes: they are values that
    only a protected table may hold.
    """
    victim, ours = case.victim, case.marfa
    parts = [
        map_codes("exploitation_forms", ours.exploitation_forms, "ctdc")
        if ours.exploitation_forms
        else map_codes("vic_type_of_exploitation", victim.type_of_exploitation, "ctdc"),
        map_codes("vic_type_of_sex_exploitation", victim.type_of_sex_exploitation, "ctdc"),
        map_codes("vic_methods_of_control", victim.methods_of_control, "ctdc"),
        map_codes("conflict_link", ours.conflict_link, "ctdc"),
    ]
    codes = {name: values for part in parts for name, values in part.codes.items()}
    return Sent(codes, tuple(loss for part in parts for loss in part.losses))

"""Code lists as choices of a form, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist

Choices = list[tuple[str, str | Promise]]


def optional_code_choices(name: str, codes: Sequence[str] = ()) -> Callable[[], Choices]:
    """The codes of a list, or these of them; the empty answer first, so that nothing is made up."""

    def choices() -> Choices:
        language = get_language() or SOURCE_LANGUAGE
        known = codelist(name)
        found = [(code, known.label(code, language)) for code in codes or known.codes]
        return [("", _("not said")), *found]

    return choices


def listed_only(name: str) -> Callable[[], Choices]:
    """The codes of a list, where one of them always holds."""

    def choices() -> Choices:
        return [*codelist(name).choices(get_language() or SOURCE_LANGUAGE)]

    return choices

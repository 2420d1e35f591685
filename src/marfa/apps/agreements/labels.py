"""Codes of recipients and agreements in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.agreements.models import Recipient
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist


def code_label(listed: str, code: str) -> str:
    """The label of a code of a list."""
    return codelist(listed).label(code, get_language() or SOURCE_LANGUAGE)


def code_choices(listed: str, codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Codes of a list with their labels, in the order of the list."""
    every = codelist(listed).choices(get_language() or SOURCE_LANGUAGE)
    return every if codes is None else [each for each in every if each[0] in set(codes)]


def recipient_name(recipient: Recipient | None) -> str:
    """What a recipient is called; nobody is the organisation itself."""
    if recipient is None:
        return _("we ourselves")
    return recipient.guest.name if recipient.guest else recipient.name

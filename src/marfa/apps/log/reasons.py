"""Why something was done, as far as the log knows it: the purpose, and a reason that has a code.

What a person typed as a reason is not in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language

from marfa.apps.accounts.factors import Reason as FactorReason
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.sealed.models import Reason as SealedReason


def why_of(entry: Entry) -> str:
    """The purpose of an entry and its reason, in the reader's language; a code that no list holds
    any more stands as it is."""
    purpose = _labels("purposes").get(entry.purpose, entry.purpose)
    reason = _reason(entry)
    return f"{purpose}: {reason}" if reason else purpose


def _reason(entry: Entry) -> str:
    code = json.loads(entry.detail).get("reason", "")
    return _reasons(entry.action).get(str(code), "") if code else ""


def _reasons(action: str) -> Mapping[str, str]:
    """Code -> words of the reasons that an action has."""
    if action.startswith("sealed."):
        return {each.value: str(each.label) for each in SealedReason}
    if action == "accounts.factors_reset":
        return {each.value: str(each.label) for each in FactorReason}
    return _labels("hold_reasons") if action == "privacy.hold" else {}


def _labels(name: str) -> Mapping[str, str]:
    return _labels_in(name, get_language() or SOURCE_LANGUAGE)


@cache  # a file for an auditor asks for each entry of the whole log
def _labels_in(name: str, language: str) -> Mapping[str, str]:
    return dict(codelist(name).choices(language))

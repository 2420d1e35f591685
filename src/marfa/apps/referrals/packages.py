"""The package for somebody outside: a page that prints, and the same for a program."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from marfa.apps.agreements.labels import code_label
from marfa.apps.handling_marks import mark_of
from marfa.apps.referrals.disclosed_fields import in_words
from marfa.apps.referrals.models import Referral
from marfa.domain import handling
from marfa.domain.handling import HandlingMark

FORMAT, VERSION = "marfa.referral", 1
PAGE, DATA = "referral.html", "referral.json"


def content_of(referral: Referral, language: str) -> bytes:
    """A ZIP file with both, in clear: whoever calls encrypts it. Nothing of the person is in it
    beside what was told. Within ``open_vault()``. language: code of a language of the pages."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ((PAGE, _page(referral, language)), (DATA, _data(referral))):
            archive.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()


def _page(referral: Referral, language: str) -> str:
    # Whoever opens it is on other clocks than the sender: the page names the zone of its times.
    with translation.override(language), timezone.override(UTC):
        return render_to_string("referrals/referral_package.html", shown_of(referral))


def _data(referral: Referral) -> str:
    values: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "reference": referral.reference,
        "from": referral.organisation.name,
        "kind": referral.kind,
        "purpose": referral.purpose,
        "support": referral.support,
        "urgency": referral.urgency,
        "sent_at": referral.sent_at.isoformat(),
        "answer_by": referral.due_at.isoformat(),
        "may_hand_on": may_hand_on(referral),
        "note": referral.note,
        "told": referral.told or {},
        handling.NAME: str(_mark(referral)),
    }
    return json.dumps(values, ensure_ascii=False, indent=1)


def shown_of(referral: Referral) -> dict[str, object]:
    """What the other side is shown of a referral, in the reader's language: all that there is."""
    return {
        "referral": referral,
        "sender": referral.organisation.name,
        "kind": referral.get_kind_display(),
        "purpose": code_label("purposes", referral.purpose),
        "support": code_label("support_types", referral.support) if referral.support else "",
        "urgency": code_label("screening_urgencies", referral.urgency),
        "told": in_words(referral.told),
        "onward": may_hand_on(referral),
        "words": list(referral.words.order_by("at", "pk")),
        "mark": _mark(referral),
    }


def _mark(referral: Referral) -> HandlingMark:
    return mark_of(referral.sent_by, "referral", referral.purpose)


def may_hand_on(referral: Referral) -> bool:
    """Whether the agreement lets the recipient hand it on."""
    return referral.sharing is not None and referral.sharing.agreement.onward

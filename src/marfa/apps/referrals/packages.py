"""The package for somebody outside: a page that prints, and the same for a program."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from marfa.apps.agreements.labels import code_label
from marfa.apps.agreements.models import Recipient
from marfa.apps.handling_marks import mark_of
from marfa.apps.package_keys import outside_partner, package_folder
from marfa.apps.referrals.disclosed_fields import in_words
from marfa.apps.referrals.models import Referral
from marfa.domain import handling
from marfa.domain.handling import HandlingMark
from marfa.methods.packages import HandedOut, Source, Terms, hand_out
from marfa.platform import clock

FORMAT, VERSION = "marfa.referral", 1
PAGE, DATA = "referral.html", "referral.json"


def package_of(
    referral: Referral, recipient: Recipient, language: str, phrase: str = ""
) -> HandedOut:
    """The referral as a package (``marfa.methods.packages``), signed by this installation and
    encrypted to the recipient's key of age, or with the words. Nothing of the person is in it
    beside what was told. Within ``open_vault()``. language: code of a language of the pages.

    Raises RefusedError where the table does not let a referral go there.
    """
    texts = ((PAGE, _page(referral, language)), (DATA, _data(referral)))
    sharing = referral.sharing
    terms = Terms(
        agreement=sharing.agreement.reference if sharing else referral.reference,
        purpose=referral.purpose,
        ground=sharing.basis.basis if sharing and sharing.basis else "consent",
        onward=may_hand_on(referral),
    )
    with package_folder() as folder:
        return hand_out(
            folder,
            partner=outside_partner(recipient),
            kind="referral",
            terms=terms,
            sources=[Source(name, data=text.encode()) for name, text in texts],
            now=clock.now(),
            phrase=phrase,
            handling=str(_mark(referral)),
        )


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

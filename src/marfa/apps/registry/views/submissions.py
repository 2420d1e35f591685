"""What the registration forms share: number, site, draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from marfa.apps.form_pages.drafts import Keeping
from marfa.apps.organisations.models import Site
from marfa.domain.ids import new_id
from marfa.platform.revisions.drafts import OpenDraft
from marfa.platform.revisions.errors import DraftMovedError


def key_of(text: str) -> UUID:
    """The number by which a form is registered once; a new one where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def asked_site(reference: str, sites: Sequence[Site]) -> Site | None:
    """The site that a form names, or the first one where it names none; None where somebody does
    not register there any more, so that nobody is registered elsewhere without a word."""
    if not reference:
        return sites[0]
    return next((each for each in sites if each.reference == reference), None)


def wrong_site(reference: str, sites: Sequence[Site]) -> dict[str, str]:
    """What is to be said at the site of a form, by the name of its input."""
    if asked_site(reference, sites) is not None:
        return {}
    return {"site": _("You no longer register at the site chosen before. Choose the site.")}


def keep_anew(held: Keeping, sent: UUID, content: Mapping[str, object]) -> tuple[int, UUID]:
    """Keep what was typed under a new number, in the place of the draft: its version, and the
    number. A draft that was typed on another form stays, and this one is on its page alone."""
    batch, draft = new_id(), held.found()
    if draft is not None and not _is_of(draft, sent):
        return 0, batch
    again = {**content, "batch": str(batch)}
    try:
        return held.store(again, seen=draft.version if draft else 0), batch
    except DraftMovedError as error:
        return error.version, batch


def let_go(held: Keeping, batch: UUID) -> None:
    """Throw the draft of a form away that was sent; one that was typed on another form stays."""
    draft = held.found()
    if draft is not None and _is_of(draft, batch):
        held.discard()


def _is_of(draft: OpenDraft, batch: UUID) -> bool:
    return str(draft.content.get("batch") or batch) == str(batch)

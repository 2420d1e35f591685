"""Drafts of a person, under "My work"."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem, installed_modules
from marfa.platform.revisions.drafts import unsent_by


def unsent_work_items(user: User) -> Iterator[WorkItem]:
    """What a person began to write and did not send, for "My work"."""
    kinds = {kind.form: kind for module in installed_modules() for kind in module.drafts}
    for draft in unsent_by(user.pk):
        kind = kinds.get(draft.form)
        url = kind.address(draft.subject) if kind else None
        if kind and url:
            text = _("Not sent yet: %(form)s") % {"form": kind.label}
            yield WorkItem(text, url, Urgency.WAITING, since=draft.saved_at)

"""The export of many cases as a file, without who is protected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.queries import readable_cases
from marfa.apps.handling_marks import mark_of
from marfa.apps.list_file import export_of
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.exchange.htcds_case import htcds_case
from marfa.apps.referrals.exchange.records import records_of
from marfa.domain.message import InputError, Message
from marfa.methods import htcds
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault

A_BATCH = 200
"""Cases that are held in memory at once."""
WRITERS = {"json": htcds.write_json, "csv": htcds.write_csv}


def export_cases(
    *,
    actor: Actor,
    site: Site,
    form: str,
    stream: BinaryIO,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Write the cases of a site into a file, those opened from the first to the last of two days;
    returns how many. form: ``json`` or ``csv``.

    Only cases that the actor may read. Whoever is protected is in none, also for who is assigned.
    Raises DeniedError; InputError for days in the wrong order, and for another form.
    """
    if form not in WRITERS:
        raise InputError.at(Message("apps.cases:choose-one"), field="form")
    if since and until and until < since:
        raise InputError.at(Message("apps.referrals:days-wrong"), field="until")
    today = clock.today(site.time_zone)
    with reading(actor=actor, code="exports.make", purpose=PURPOSE, resource=file_of(site)) as act:
        act.note(what="cases", form=form)
        keys = _keys(actor, site, since, until)
        act.rows(keys)
        mark = str(mark_of(actor.id, "cases", PURPOSE.value))
        return WRITERS[form](_cases(keys, today), stream, today=today, mark=mark)


def file_of(site: Site) -> Resource:
    """A file of the cases of a site, as the charter sees it."""
    return export_of(site.organisation_id, site.pk, tier="sensitive")


def _keys(actor: Actor, site: Site, since: date | None, until: date | None) -> list[UUID]:
    rows = readable_cases(actor).filter(site=site, person__protected=False, person__erased_at=None)
    if since:
        rows = rows.filter(opened_at__gte=_start(since, site))
    if until:
        rows = rows.filter(opened_at__lt=_start(until + timedelta(days=1), site))
    return list(rows.order_by("opened_at", "pk").values_list("pk", flat=True))


def _cases(keys: Sequence[UUID], today: date) -> Iterator[htcds.Case]:
    for start in range(0, len(keys), A_BATCH):
        with open_vault():
            some = records_of(keys[start : start + A_BATCH])
            made = [htcds_case(each, today) for each in some]
        yield from made


def _start(day: date, site: Site) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(site.time_zone))

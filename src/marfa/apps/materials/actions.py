"""What is done with sheets: they are ordered, and contacts are counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from marfa.apps.materials.models import FEWEST_COPIES, MOST_COPIES, SAME_SHEET, PrintBatch
from marfa.apps.materials.queries import COUNT, ORDER, PURPOSE, find_batch
from marfa.apps.materials.wording import (
    check_discreet,
    digest_numbers,
    numbers_of,
    wording_for,
)
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Site
from marfa.domain.codes import new_code, parse_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor


@dataclass(frozen=True)
class Order:
    """What is to be printed."""

    site: Site
    material: str
    language: str
    manner: str
    tone: str
    addressee: str
    copies: int


def order_copies(*, actor: Actor, order: Order) -> PrintBatch:
    """Print at least 200 copies. What is printed of the same sheet in the same month, with the same
    words and numbers, belongs to the same batch.

    Raises DeniedError; InputError for too few copies, a language whose words nobody agreed to, a
    site without a number, and words on a discreet sheet that tell too much.
    """
    if not FEWEST_COPIES <= order.copies <= MOST_COPIES:
        limits = {"least": FEWEST_COPIES, "most": MOST_COPIES}
        raise InputError.at(Message("apps.materials:copies", limits), field="copies")
    wording = wording_for(order.language, order.addressee)
    numbers = numbers_of(order.site, order.material)
    now = clock.now()
    made = PrintBatch(
        organisation=order.site.organisation,
        site=order.site,
        month=clock.today(order.site.time_zone).replace(day=1),
        material=order.material,
        language=order.language,
        manner=order.manner,
        tone=order.tone,
        addressee=order.addressee,
        copies=order.copies,
        words=wording.leaflet.version,
        numbers=digest_numbers(numbers),
        printed_at=now,
        printed_by=actor.id,
    )
    if made.tone == PrintBatch.Tone.DISCREET:
        check_discreet(wording, made, numbers)
    with action(
        actor=actor,
        code=ORDER,
        purpose=PURPOSE,
        resource=organisation_resource(order.site.organisation),
    ) as act:
        found = _same_this_month(made)
        act.note(site=str(order.site.pk), material=order.material, copies=order.copies)
        if found is None:
            return _create(act, made)
        PrintBatch.objects.filter(pk=found.pk).update(
            copies=F("copies") + order.copies, printed_at=now, printed_by=actor.id
        )
    found.refresh_from_db()
    return found


def count_contact(*, actor: Actor, code: str) -> PrintBatch:
    """Count that a person got in touch because of a sheet. Who it was is not asked.

    Raises DeniedError; InputError for what is no code, and for a code that no sheet here has.
    """
    digits = parse_code(code)
    found = find_batch(actor, digits)
    if found is None:
        raise InputError.at(Message("apps.materials:code-unknown"), field="code")
    with action(
        actor=actor,
        code=COUNT,
        purpose=PURPOSE,
        resource=organisation_resource(found.organisation),
    ):
        PrintBatch.objects.filter(pk=found.pk).update(contacts=F("contacts") + 1)
    return found


def _same_this_month(made: PrintBatch) -> PrintBatch | None:
    rows = PrintBatch.objects.select_for_update()
    return rows.filter(**{name: getattr(made, name) for name in SAME_SHEET}).first()


def _create(act: Act, made: PrintBatch) -> PrintBatch:
    for _attempt in range(5):
        made.code = new_code()
        try:
            with transaction.atomic():
                act.create(made)
        except IntegrityError:
            if _same_this_month(made) is not None:
                # A colleague ordered the same at the same time; their batch stands.
                raise InputError.at(Message("apps.materials:just-ordered")) from None
            continue
        return made
    raise AssertionError("no free code was found")

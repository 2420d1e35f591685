"""The sheets themselves: a page set as PDF for each material."""

from __future__ import annotations

import math
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.materials.models import PrintBatch
from marfa.apps.materials.pictures import picture
from marfa.apps.materials.wording import Line, Number, Wording
from marfa.domain.codes import format_code
from marfa.platform.documents.writer import write_pdf

CARDS_A_PAGE = 10
QUIET = 4
"""Empty modules around a code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True)
class Drawn:
    """A line with its picture."""

    line: Line
    picture: SafeString


def sheet_pdf(batch: PrintBatch, wording: Wording, numbers: list[Number]) -> bytes:
    """The sheet of a batch as PDF. Raises DocumentError."""
    return write_pdf(sheet_html(batch, wording, numbers))


def sheet_html(batch: PrintBatch, wording: Wording, numbers: list[Number]) -> str:
    """The page that is set. Its title is the only thing that the file says of itself."""
    lines = wording.lines(batch.material, is_open=batch.tone == PrintBatch.Tone.OPEN)
    context = {
        "batch": batch,
        "language": wording.leaflet.language,
        "words_direction": wording.leaflet.direction,
        "title": wording.say("title"),
        "lines": [Drawn(line, picture(line.key)) for line in lines],
        "call": wording.say("call"),
        "call_picture": picture("call"),
        "no_phone": wording.say("no-phone"),
        "carry": wording.say("carry"),
        "code_text": wording.say("code"),
        "code": format_code(batch.code),
        "number": numbers[0],
        "services": numbers[1:],
        "qr": call_code(numbers[0]),
        "cards": range(CARDS_A_PAGE),
        "in_pictures": batch.manner == PrintBatch.Manner.PICTURES,
    }
    return render_to_string(f"materials/sheet_{batch.material}.html", context)


def call_code(number: Number) -> SafeString:
    """A code that a telephone reads and dials. It holds the number and nothing else."""
    made = segno.make_qr(f"tel:{number.dialled}", error="m")
    drawn = made.svg_inline(border=QUIET, svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from digits


def file_name(batch: PrintBatch) -> str:
    """What a browser stores it under. It names neither what it is for nor where it is from."""
    return f"information-{batch.code}.pdf"


def pages_of(batch: PrintBatch) -> int:
    """Sheets of paper for all copies."""
    if batch.material == PrintBatch.Material.CARD:
        return math.ceil(batch.copies / CARDS_A_PAGE)
    return int(batch.copies)

"""A set of texts as a sheet for a translator or an expert without an account, and back.

Who changes words changes them in their cells; beside words that are right they write "agree". A row
in which nothing is said is left as it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marfa.apps.texts.actions import Read, place_of, tidy_words
from marfa.apps.texts.sets import TextSet
from marfa.apps.texts.standing import Decision, digest_of_forms
from marfa.domain.catalogue import RIGHT_TO_LEFT
from marfa.domain.message import InputError, Message
from marfa.domain.workbooks import write_sheet
from marfa.methods.screening.text_packs import Text
from marfa.platform.files.memory_file import MemoryFile
from marfa.platform.importing.rows import SheetRow
from marfa.platform.importing.sheet_file import open_sheet

KEY, SOURCE, WORDS, FEMININE, MASCULINE, DECISION, COMMENT, SEEN = range(8)
HEADING = (
    *("Text", "Source", "Words", "Words to a woman", "Words to a man"),
    *("Decision: agree, stop or comment", "Comment", "Do not change"),
)
DECISIONS = {
    **{each.value: each for each in Decision},
    **dict.fromkeys(("موافق", "أوافق", "d'accord", "согласен", "согласна", "de acuerdo", "同意"),
                    Decision.AGREE),
    **dict.fromkeys(("أوقفوا", "arrêter", "остановить", "detener", "停止"), Decision.STOP),
    **dict.fromkeys(("تعليق", "commentaire", "замечание", "comentario", "意见"), Decision.COMMENT),
}  # fmt: skip


@dataclass(frozen=True)
class SheetProblem:
    """row: as a spreadsheet counts. field: the heading, or the text."""

    row: int
    field: str
    message: Message


def write_pack(of: TextSet, language: str) -> bytes:
    """The texts of a set in a language as a workbook."""
    place = place_of(of, language)
    stream = io.BytesIO()
    rows = (
        [
            key,
            " / ".join(place.source[key].every_form()) if key in place.source else "",
            *(standing.text.text, standing.text.feminine, standing.text.masculine),
            *("", "", standing.digest),
        ]
        for key, standing in place.standing.items()
    )
    backwards = language.split("-")[0] in RIGHT_TO_LEFT
    write_sheet(stream, HEADING, rows, right_to_left=backwards)
    return stream.getvalue()


def read_sheet(content: bytes, reviewer: str, problems: list[SheetProblem]) -> list[Read]:
    """What the rows of a sheet say; what is wrong is added to ``problems``. Raises InputError for
    what is no such sheet."""
    with MemoryFile(content) as source:
        sheet = open_sheet(source)
        told = [cell.strip().casefold() for cell in sheet.heading]
        if told != [each.casefold() for each in HEADING]:
            said = Message("apps.texts:sheet-columns", {"columns": "; ".join(HEADING)})
            raise InputError.at(said, field="file")
        return list(_read(sheet.rows, reviewer, problems))


def _read(rows: Iterator[SheetRow], reviewer: str, problems: list[SheetProblem]) -> Iterator[Read]:
    known: set[str] = set()
    for row in rows:
        if row.broken is not None:
            problems.append(SheetProblem(row.number, "", row.broken))
            continue
        problems += [
            SheetProblem(row.number, HEADING[place], said) for place, said in row.faults.items()
        ]
        cells = [*row.cells, *("" for _each in HEADING)][: len(HEADING)]
        key = cells[KEY].strip()
        if key in known:
            said = Message("apps.texts:text-twice", {"key": key})
            problems.append(SheetProblem(row.number, HEADING[KEY], said))
        known.add(key)
        decision = _decision(cells, row.number, problems)
        if decision is None:
            continue
        words = Text()
        if decision is Decision.CHANGE:
            words = _words(cells)
        yield Read(key, cells[SEEN].strip(), decision, words, cells[COMMENT], reviewer, row.number)


def _decision(cells: Sequence[str], row: int, problems: list[SheetProblem]) -> Decision | None:
    said = " ".join(cells[DECISION].casefold().split())
    decision = DECISIONS.get(said)
    if said and decision is None:
        told = Message("apps.texts:decision-unknown")
        problems.append(SheetProblem(row, HEADING[DECISION], told))
        return None
    # Spaces at the ends are no change: a program that opened the sheet may have taken them away.
    changed = digest_of_forms(_words(cells)) != cells[SEEN].strip()
    if decision is None and changed:
        return Decision.CHANGE
    if decision in (Decision.AGREE, Decision.STOP) and changed:
        told = Message("apps.texts:changed-and-decided")
        problems.append(SheetProblem(row, HEADING[DECISION], told))
        return None
    if decision is None and cells[COMMENT].strip():
        return Decision.COMMENT
    return decision


def _words(cells: Sequence[str]) -> Text:
    return tidy_words(Text(cells[WORDS], cells[FEMININE], cells[MASCULINE]))

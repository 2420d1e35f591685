"""Results as files: a table for people (CSV), lines for programs (JSON lines)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from marfa.domain.catalogue import render_message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.watchlists.jsonlines import line_of, whole_file
from marfa.methods.watchlists.screening import Result

COLUMNS = ("subject_id", "reference", "name", "score", "band", "evidence")


def write_results(target: Path, results: Iterable[Result], language: str) -> None:
    """All results; ``.jsonl`` and ``.json`` are written as JSON lines, anything else as CSV. The
    file is there whole or not at all. Raises InputError where it cannot be written."""
    with whole_file(target) as stream:
        if target.suffix.lower() in (".jsonl", ".json"):
            for each in results:
                stream.write(line_of(each.as_json()))
            return
        writer = TableWriter(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in results:
            score = "" if each.score is None else f"{each.score:.4f}"
            said = evidence_of(each, language)
            band = each.band.value
            writer.writerow((each.subject_id, each.reference, each.name, score, band, said))


def evidence_of(result: Result, language: str) -> str:
    """Why two were put beside one another, in sentences."""
    return " ".join(render_message(each, language) for each in result.sentences)

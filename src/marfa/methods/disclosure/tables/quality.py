"""A scorecard of the records: how much each source reports in each field.

Shares are coarse and small sources are named without figures, so that the card can be published.
"""

from __future__ import annotations

from dataclasses import dataclass

from marfa.methods.disclosure.tables.coverage import HIDING, coarse_share
from marfa.methods.disclosure.tables.source import RecordFile


@dataclass(frozen=True)
class Score:
    """One field of one source. source: None for all together, "" where it is not reported.
    enough: the source has enough records for figures. reported: share of records with a value;
    None: too few records. values: number of different values, where enough."""

    source: str | None
    field: str
    enough: bool
    reported: float | None
    values: int | None


def scorecard(
    source: RecordFile,
    fields: tuple[str, ...],
    *,
    minimum: int = 5,
    by: str | None = None,
    missing: tuple[str, ...] = (),
) -> list[Score]:
    """Score fields (all columns if none are given), overall and by the column ``by``.

    Raises InputError for unknown columns.
    """
    fields = fields or source.columns
    source.need(*fields, *([by] if by else []))
    parts = ", ".join(
        f"count({text}), approx_count_distinct({text})"
        for text in (source.value(name, missing) for name in fields)
    )
    whole = source.rows(f"SELECT count(*), {parts} FROM records")[0]  # noqa: S608
    scores = _scores(None, fields, whole, minimum)
    if by is not None:
        name = f"coalesce({source.value(by, missing)}, '')"
        sql = f"SELECT {name}, count(*), {parts} FROM records GROUP BY 1 ORDER BY 1 LIMIT 1000"  # noqa: S608
        for row in source.rows(sql):
            scores += _scores(str(row[0]), fields, row[1:], minimum)
    return scores


def _scores(
    source: str | None, fields: tuple[str, ...], row: tuple[object, ...], minimum: int
) -> list[Score]:
    total, *figures = (int(str(value)) for value in row)
    enough = total >= HIDING * minimum
    return [
        Score(
            source,
            name,
            enough,
            coarse_share(figures[2 * place], total, minimum) if enough else None,
            figures[2 * place + 1] if enough else None,
        )
        for place, name in enumerate(fields)
    ]

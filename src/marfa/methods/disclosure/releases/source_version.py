"""Which records a file holds, whatever their order, and however the file is written."""

from __future__ import annotations

import hashlib
import json

from marfa.methods.disclosure.tables.source import RecordFile, sql_identifier


def version_of(source: RecordFile) -> str:
    """A name for the records, the same for the same rows in another order, kind or encoding.

    64 bits of MD5 over each row are added up; the sum, the number of rows and the names of the
    columns are hashed. It tells equal files from others and keeps no secret: a register stays
    where the records are.
    """
    names = sorted(source.columns)
    # Blanks at the ends alone are cut: all others would take as long as the rest.
    fields = [f"coalesce(NULLIF(trim({sql_identifier(name)}), ''), chr(30))" for name in names]
    row = f"concat_ws(chr(29), {', '.join(fields)})"
    total = f"sum(md5_number_lower({row})::HUGEINT)"
    found = source.rows(f"SELECT count(*), {total} FROM records")[0]  # noqa: S608
    return hashlib.sha256(json.dumps([names, *map(str, found)]).encode()).hexdigest()

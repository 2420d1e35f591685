"""Which records a file holds, whatever their order, and however the file is written."""

from __future__ import annotations

import hashlib

from marfa.methods.disclosure.tables.source import RecordFile, sql_literal


def version_of(source: RecordFile) -> str:
    """A name for the records, the same for the same rows in another order, kind or encoding.

    64 bits of MD5 over each row are added up; the sum and the number of rows are hashed. It tells
    equal files from others and keeps no secret: a register stays where the records are.
    """
    names = sorted(source.columns)
    fields = [
        f"coalesce({source.value(name)} || chr(31), chr(30)) || {sql_literal(name)}"
        for name in names
    ]
    row = " || chr(29) || ".join(fields)
    total = f"sum(md5_number_lower({row})::HUGEINT)"
    found = source.rows(f"SELECT count(*), {total} FROM records")[0]  # noqa: S608
    return hashlib.sha256("|".join(map(str, found)).encode()).hexdigest()

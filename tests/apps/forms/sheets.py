"""XLSForms as tables in text, which the converter reads too."""

from __future__ import annotations

HEAD = ("type", "name", "label::English (en)", "label::Arabic (ar)", "marfa::field", "marfa::tier")


def sheet(*rows: str, version: str = "1", choices: str = "") -> bytes:
    """A form ``arrival`` with rows such as ``text|ward|Ward|جناح||coded``."""
    survey = [HEAD, *(tuple((row + "|||||").split("|")[: len(HEAD)]) for row in rows)]
    lines = ["| survey |", *(_line(cells) for cells in survey)]
    if choices:
        lines += ["| choices |", _line(("list_name", "name", HEAD[2], HEAD[3]))]
        lines += [_line(row.split("|")) for row in choices.splitlines()]
    settings = ("form_title", "form_id", "version", "default_language")
    lines += [
        "| settings |",
        _line(settings),
        _line(("Arrival", "arrival", version, "English (en)")),
    ]
    return "\n".join(lines).encode()


def _line(cells: object) -> str:
    return "| | " + " | ".join(map(str, cells)) + " |"  # type: ignore[call-overload]

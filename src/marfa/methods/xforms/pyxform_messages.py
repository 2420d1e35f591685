"""What pyxform says, in our messages. It says most of it as one English sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marfa.domain.message import Message, Place, Problem

_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet|for sheet: '(\w+)'")
_COLUMN = re.compile(r"the '([\w:() ]+)' value")
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class _Saying:
    """pattern: of the sentence, with groups named like the parameters of the message.

    by: the column of the sheet in which a group's word is looked for, where no row is told.
    """

    pattern: re.Pattern[str]
    key: str
    by: tuple[str, str] | None = None
    column: str = ""
    sheet: str = ""


def _saying(
    pattern: str, key: str, by: tuple[str, str] | None = None, column: str = "", sheet: str = ""
) -> _Saying:
    return _Saying(re.compile(pattern, re.DOTALL), f"xlsform-{key}", by, column, sheet)


SAYINGS = (
    _saying(r"Could not find the name '(?P<name>[^']*)'", "reference-unknown"),
    _saying(r"The name '(?P<name>[^']*)' appears more than once", "reference-twice"),
    _saying(r"There is no survey element named '(?P<name>[^']*)'", "reference-unknown"),
    _saying(r"multiple survey elements named '(?P<name>[^']*)'", "reference-twice"),
    _saying(r"Reference variables? .*must start with", "reference-form"),
    _saying(r"Unknown question type '(?P<name>[^']*)'", "type-unknown", ("type", "name"), "type"),
    _saying(r"Question with no type", "no-type", column="type"),
    _saying(r"Question or group with no name", "no-name", column="name"),
    _saying(r"Missing calculation", "no-calculation", column="calculation"),
    _saying(r"element named '(?P<name>[^']*)' has no label", "no-label", ("name", "name"), "label"),
    _saying(r"(Group|Repeat) has no label", "group-without-label", column="label"),
    _saying(r"must be unique within their nearest parent", "name-twice", column="name"),
    _saying(r"case-insensitive match to another name", "name-alike", column="name"),
    _saying(r"Repeat names must uni?que anywhere", "repeat-twice", column="name"),
    _saying(r"Names must begin with a letter", "name-form"),
    _saying(r"Unmatched '?begin_(group|repeat|loop)", "not-closed", column="type"),
    _saying(r"Unmatched '?end_(group|repeat|loop)", "not-opened", column="type"),
    _saying(r"There should be a choices sheet", "no-choices", sheet="choices"),
    _saying(r"List name not in choices sheet: (?P<name>\S+)", "list-unknown", column="type"),
    _saying(r"Choices must have a name", "choice-without-name", column="name", sheet="choices"),
    _saying(r"Choices should have a label", "choice-without-label", column="label"),
    _saying(r"Choice names must be unique", "choice-twice", column="name", sheet="choices"),
    _saying(r"You must have a sheet named 'survey'", "no-survey"),
    _saying(r"required column headers were not found: (?P<name>.+?)\. Learn", "headers-missing"),
    _saying(r"Invalid headers provided", "headers-wrong"),
    _saying(r"Duplicate column header: (?P<name>.+)", "header-twice"),
    _saying(r"'definition' was not recognized", "no-survey"),
    _saying(r"accepted parameter keys .*invalid parameter key\(s\): (?P<name>.+)", "parameter"),
    _saying(r"For the 'range' question type", "range"),
    _saying(r"is missing the survey columns? (?P<name>.+?)\.", "translation-missing"),
    _saying(r"is missing the choices columns? (?P<name>.+?)\.", "translation-missing"),
    _saying(r"valid machine-readable codes: (?P<name>.+?)\. Learn", "language-code"),
    _saying(r"similar names were found: (?P<name>.+?)\.( If|$)", "sheet-alike"),
    _saying(r"uses or_other and translations", "or-other"),
    _saying(r"max-pixels parameter to speed up", "max-pixels", column="parameters"),
    _saying(r"no longer supported on most devices", "device-field", column="type"),
)


def problems_of(said: str, file: str, sheet: Sequence[Mapping[str, object]]) -> tuple[Problem, ...]:
    """A sentence of pyxform as a problem at its place. sheet: the rows of ``survey``."""
    for saying in SAYINGS:
        match = saying.pattern.search(said)
        if match is not None:
            params = {key: word.strip(" '") for key, word in match.groupdict().items() if word}
            message = Message(f"methods.xforms:{saying.key}", params)
            return (Problem(message, _place(said, file, saying, params, sheet)),)
    message = Message("methods.xforms:xlsform-other", {"said": " ".join(said.split())[:_LONGEST]})
    return (Problem(message, _place(said, file, None, {}, sheet)),)


def _place(
    said: str,
    file: str,
    saying: _Saying | None,
    params: Mapping[str, str],
    sheet: Sequence[Mapping[str, object]],
) -> Place:
    row = _ROW.search(said)
    told = _SHEET.search(said)
    column = _COLUMN.search(said)
    name = (told.group(1) or told.group(2)) if told else (saying.sheet if saying else "")
    number = int(row.group(1)) if row else _looked_up(saying, params, sheet)
    if not name and number is not None:
        name = "survey"
    return Place(
        file=file,
        sheet=name or None,
        row=number,
        column=(column.group(1) if column else saying.column if saying else "") or None,
    )


def _looked_up(
    saying: _Saying | None, params: Mapping[str, str], sheet: Sequence[Mapping[str, object]]
) -> int | None:
    """The first row that holds the word which the sentence names."""
    if saying is None or saying.by is None:
        return None
    header, word = saying.by
    for number, cells in enumerate(sheet, start=2):
        if str(cells.get(header, "")).strip() == params.get(word):
            return number
    return None

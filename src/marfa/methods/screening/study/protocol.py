"""What a study is about and under which conditions: its protocol, a file that people fill in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marfa.domain.message import InputError, Message
from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.library import Library
from marfa.methods.screening.toml_reader import Document, TomlTable

_TEXTS = ("population", "reference", "blinding", "help", "stop_rule")
_STUDY = (
    *("instrument", "version", "digest", "setting", "languages", "words", "begins"),
    *("needed_flagged", "needed_not_flagged", "share_not_flagged", "children", "stopped"),
    *("reference_reads_screening", *_TEXTS),
)
_APPROVAL = ("body", "number", "ends")

TEMPLATE = """\
# The protocol of a study. Fill in what is empty; nobody is enrolled before.
schema = 1

[study]
instrument = "{name}"
version = "{version}"
digest = "{digest}"
setting = "{setting}"
languages = {languages}
# Of the words in each language: one word changed is another instrument.
words = {words}
begins = {today}
population = ""            # who is asked: where, from when until when, who is left out
needed_flagged = {flagged}        # people whom screening flags and the panel assesses
needed_not_flagged = {not_flagged}    # people whom it does not flag and the panel assesses
share_not_flagged = {share}    # of these, drawn by lot and by consent; help does not depend on it
reference = ""             # how the panel decides, by which definition, with how many people
reference_reads_screening = false
blinding = ""              # how it is kept from the panel what screening said
help = ""                  # who helps whoever is found, on the same day
stop_rule = ""             # what ends the study at once, and who decides it
# stopped = 2026-01-31     # from this day on nobody is enrolled
children = false           # true only where the approval says so

[approval]                 # of an ethics body; without it nobody is enrolled
body = ""
number = ""
# ends = 2027-01-31
"""


@dataclass(frozen=True)
class Protocol:
    """A study as it was planned. words: by language, the digest of the words that are put to
    people. needed_*: assessed people whom the study needs. approval_ends: None: there is none."""

    instrument: str
    version: str
    digest: str
    setting: str
    words: Mapping[str, str]
    begins: date
    population: str
    reference: str
    reference_reads_screening: bool
    blinding: str
    help: str
    stop_rule: str
    needed_flagged: int
    needed_not_flagged: int
    share_not_flagged: float
    children: bool
    stopped: date | None
    approval_body: str
    approval_number: str
    approval_ends: date | None
    file: str

    @property
    def id(self) -> str:
        """A digest of all that may not change while people are enrolled."""
        content = [
            *(self.instrument, self.version, self.digest, self.setting, sorted(self.words.items())),
            *(self.population, self.reference, self.reference_reads_screening, self.blinding),
            *(self.share_not_flagged, self.children, self.begins.isoformat()),
            *(self.needed_flagged, self.needed_not_flagged, self.help, self.stop_rule),
        ]
        text = json.dumps(content, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_enrol(self, day: date) -> None:
        """Raise InputError where nobody may be enrolled on a day."""
        for key in _TEXTS:
            if not getattr(self, key).strip():
                params = {"key": key}
                raise self._refused("study-incomplete", params, f"study.{key}")
        if not self.approval_body.strip() or not self.approval_number.strip():
            raise self._refused("study-not-approved", {}, "approval.number")
        if self.approval_ends is None:
            raise self._refused("study-not-approved", {}, "approval.ends")
        if day > self.approval_ends:
            raise self._refused(
                "study-approval-ended", {"day": day, "ends": self.approval_ends}, "approval.ends"
            )
        if self.stopped is not None and day >= self.stopped:
            raise self._refused("study-stopped", {"day": self.stopped}, "study.stopped")
        if day < self.begins:
            raise self._refused("study-not-begun", {"day": self.begins}, "study.begins")

    def must_be_of(self, library: Library) -> None:
        """Raise InputError where the instrument or one of its words is not what was planned."""
        instrument = library.instrument(self.instrument)
        library.must_be_usable(instrument)
        if (instrument.questions_digest, instrument.version) != (self.digest, self.version):
            raise self._refused("study-instrument-changed", {}, "study.digest")
        if instrument.setting.value != self.setting:
            params = {"setting": instrument.setting.value}
            raise self._refused("study-setting", params, "study.setting")
        for language, digest in self.words.items():
            if digest_of_words(library, instrument, language) != digest:
                params = {"language": language}
                raise self._refused("study-words-changed", params, f"study.words.{language}")

    def _refused(self, key: str, params: Mapping[str, object], field: str) -> InputError:
        said = Message(f"methods.screening:{key}", params)
        return InputError.at(said, file=self.file, field=field)


def digest_of_words(library: Library, instrument: Instrument, language: str) -> str:
    """A digest of all words that are put to somebody in a language, in each form. Empty where the
    language has no text for every item."""
    wording = library.wording(instrument, language)
    if wording.missing:
        return ""
    rows = [
        [item.id, text.text, text.feminine, text.masculine]
        for item in instrument.items
        for text in [wording.texts[item.id]]
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def new_protocol(
    library: Library,
    name: str,
    languages: tuple[str, ...],
    today: date,
    *,
    flagged: int = 60,
    not_flagged: int = 200,
    share: float = 0.2,
) -> str:
    """The text of a protocol that waits to be filled in. Raises InputError for a language without
    words, and for one that is given twice."""
    instrument = library.instrument(name)
    library.must_be_usable(instrument)
    words = {}
    for language in languages:
        if language in words:
            params = {"language": language}
            raise InputError.at(Message("methods.screening:study-language-twice", params))
        words[language] = digest_of_words(library, instrument, language)
        if not words[language]:
            params = {"instrument": name, "language": language}
            raise InputError.at(Message("methods.screening:no-texts-in-language", params))
    table = ", ".join(f'"{language}" = "{digest}"' for language, digest in words.items())
    return TEMPLATE.format(
        name=instrument.name,
        version=instrument.version,
        digest=instrument.questions_digest,
        setting=instrument.setting,
        languages=json.dumps(list(languages)),
        words=f"{{ {table} }}",
        today=today.isoformat(),
        flagged=flagged,
        not_flagged=not_flagged,
        share=share,
    )


def read_protocol(text: str, file: str) -> Protocol:
    """A protocol from its file. Raises InputError with the line of each problem."""
    document = Document(text, file)
    root = document.root()
    root.only(("schema", "study", "approval"))
    if document.data.get("schema") != 1:
        root.wrong("schema", Message("methods.screening:wrong-schema", {"version": 1}))
    study, approval = _table(document, "study"), _table(document, "approval")
    study.only(_STUDY)
    approval.only(_APPROVAL)
    made = Protocol(
        instrument=study.text("instrument"),
        version=study.text("version"),
        digest=study.text("digest"),
        setting=study.text("setting"),
        words=_words(study),
        begins=_day(study, "begins") or date.max,
        **{key: study.text(key, "") for key in _TEXTS},
        reference_reads_screening=study.flag("reference_reads_screening"),
        needed_flagged=_number(study, "needed_flagged"),
        needed_not_flagged=_number(study, "needed_not_flagged"),
        share_not_flagged=_share(study, "share_not_flagged"),
        children=study.flag("children"),
        stopped=_day(study, "stopped", needed=False),
        approval_body=approval.text("body", ""),
        approval_number=approval.text("number", ""),
        approval_ends=_day(approval, "ends", needed=False),
        file=file,
    )
    document.finish()
    return made


def _table(document: Document, name: str) -> TomlTable:
    data = document.data.get(name)
    if not isinstance(data, dict):
        document.wrong(Message("methods.screening:key-missing", {"key": name}))
        data = {}
    return TomlTable(document, data, document.lines.key(name), name)


def _words(study: TomlTable) -> Mapping[str, str]:
    words = study.data.get("words")
    languages = study.list("languages")
    if not isinstance(words, dict) or not words or sorted(words) != sorted(map(str, languages)):
        study.wrong("words", Message("methods.screening:study-words"))
        return {}
    return {str(language): str(digest) for language, digest in words.items()}


def _day(table: TomlTable, key: str, *, needed: bool = True) -> date | None:
    value = table.data.get(key)
    if isinstance(value, date):
        return value
    if value is not None or needed:
        table.wrong(key, Message("methods.screening:not-a-day", {"key": key}))
    return None


def _number(table: TomlTable, key: str) -> int:
    value = table.data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        table.wrong(key, Message("methods.screening:not-a-count", {"key": key}))
        return 1
    return value


def _share(table: TomlTable, key: str) -> float:
    value = table.data.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
        table.wrong(key, Message("methods.screening:not-a-share", {"key": key}))
        return 1.0
    return float(value)

"""A run that can be repeated: its file, version, settings and figures in one word.

The id of a run holds all of it, so that whoever has the id and the file needs nothing else:
``e1.<base64url of JSON>.<check>``. In the JSON are the version of the software (``v``), the first
half of the file's SHA-256 (``f``), the settings that are not the usual ones (``s``), and the
first twelve hexadecimal digits of the SHA-256 over the figures (``r``), four digits of each.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa import __version__
from marfa.domain.message import InputError, Message

FORMAT = "e1"


@dataclass(frozen=True)
class Run:
    """What was computed with what.

    digest: SHA-256 of the file, 64 hexadecimal digits, or the first 32 where it was read from
    an id. settings: by option, plain data, those that are not the usual ones.
    figures: the digest of the figures.
    """

    digest: str
    settings: Mapping[str, Any]
    figures: str
    version: str = __version__

    @property
    def id(self) -> str:
        """The word that ``marfa estimate --run`` takes."""
        data = {
            "v": self.version,
            "f": self.digest[:32],
            "s": dict(self.settings),
            "r": self.figures,
        }
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{FORMAT}.{body}.{_check(body)}"


def read_run(text: str) -> Run:
    """The run of an id. Raises InputError where it is none, or not whole."""
    form, _dot, rest = text.strip().partition(".")
    body, _dot, check = rest.partition(".")
    if form != FORMAT or not body or check != _check(body):
        raise InputError.at(Message("methods.estimation:run-unreadable"), field="run")
    try:
        data = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return Run(str(data["f"]), dict(data["s"]), str(data["r"]), str(data["v"]))
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise InputError.at(Message("methods.estimation:run-unreadable"), field="run") from error


def file_digest(path: Path) -> str:
    """SHA-256 of a file. Raises InputError where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError.at(
            Message("methods.estimation:file-unreadable"), file=path.name
        ) from error


def figures_digest(document: Mapping[str, Any]) -> str:
    """Of the figures of a document of ``marfa estimate --json``; words are no figures."""
    text = json.dumps(_figures(document), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _figures(value: Any) -> Any:
    """Four digits of each number: another machine adds up in another order."""
    if isinstance(value, Mapping):
        kept = {key: item for key, item in value.items() if key not in ("text", "params", "run")}
        return {key: _figures(item) for key, item in kept.items()}
    if isinstance(value, list | tuple):
        return [_figures(item) for item in value]
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:.4g}"
    return value


def differences(recorded: Run, again: Run) -> list[Message]:
    """What to say of a run computed again: the version, and whether the figures are the same."""
    found = []
    if recorded.version != again.version:
        params = {"then": recorded.version, "now": again.version}
        found.append(Message("methods.estimation:run-version", params))
    same = "run-same" if recorded.figures == again.figures else "run-differs"
    return [*found, Message(f"methods.estimation:{same}")]


def check_file(recorded: Run, digest: str, name: str) -> None:
    """Raises InputError where the file is not the one of the run."""
    if not digest.startswith(recorded.digest):
        raise InputError.at(Message("methods.estimation:run-other-file"), file=name)


def _check(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:6]

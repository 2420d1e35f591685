"""A date of birth of which the year, or the year and month, may be all that is known."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from marfa.domain.message import InputError, Message
from marfa.methods.names.text import normalise


@dataclass(frozen=True, slots=True)
class Born:
    """Year, and month and day where known (Gregorian). Raises ValueError for no date."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        date(self.year, self.month or 1, self.day or 1)

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Born:
        """``1981``, ``1981-03`` or ``1981-03-09``, in any digits. Raises InputError."""
        plain = "-".join(normalise(text).split())
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", plain)
        try:
            if found is None:
                raise ValueError
            return cls(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]
        except ValueError:
            raise InputError.at(
                Message("methods.names:date-not-understood", {"text": text}), field=field
            ) from None

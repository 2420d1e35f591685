"""What stands in an attribute of a row: a sealed value, or what was typed and not saved yet."""

from __future__ import annotations

from typing import NoReturn

HIDDEN = "hidden"


class Sealed(bytes):
    """Sealed bytes. place: where they belong, if this process sealed them; doubt: of the key then,
    where it was as new."""

    place: object = None
    doubt: object = None

    def __repr__(self) -> str:
        return f"Sealed({HIDDEN})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)


class Typed:
    """A value in clear that was assigned; it is sealed when its row is saved."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Typed({HIDDEN})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a value in clear is not pickled or copied")


class Ready(bytes):
    """Sealed for the very row that is being saved; the only thing that a save writes."""

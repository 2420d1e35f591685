"""All writings that can be read, one file each; a file more is found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from marfa.methods.names.writing_system import Script, Writing


@cache
def all_writings() -> dict[Script, Writing]:
    """Script -> what is known of it, from ``WRITING`` or ``WRITINGS`` of each file here."""
    found: dict[Script, Writing] = {}
    for entry in sorted(iter_modules(__path__), key=lambda each: each.name):
        module = import_module(f"{__name__}.{entry.name}")
        for writing in getattr(module, "WRITINGS", None) or (module.WRITING,):
            found[writing.script] = writing
    return found


def writing_of(script: Script) -> Writing | None:
    """What is known of a script; None where it cannot be read."""
    return all_writings().get(script)

"""The sets of texts that are put to people, as the apps that use them say (``Module.texts``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise

from marfa.apps.manifest import installed_modules
from marfa.apps.paths import resolve_path
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import Message
from marfa.methods.screening.text_packs import Pack, Text


def nothing_wrong(_pack: Pack, _key: str, _text: Text) -> Iterable[Message]:
    """The check of texts that ask nothing."""
    return ()


@dataclass(frozen=True)
class TextSet:
    """One set of texts.

    about: what it is for. packs: by language, as the files have them. check: what may not be said
    in a text, as messages; for what is asked of people.
    """

    name: str
    label: Promise | str
    about: Promise | str
    packs: Callable[[], Mapping[str, Pack]]
    check: Callable[[Pack, str, Text], Iterable[Message]] = nothing_wrong

    def source_of(self, pack: Pack) -> Mapping[str, Text]:
        """The texts beside which those of a pack are read; nothing for the source itself."""
        return {} if pack.language == SOURCE_LANGUAGE else self.packs()[SOURCE_LANGUAGE].texts


def all_sets() -> Iterator[TextSet]:
    """All sets of the apps that are installed, in the order of the house."""
    for module in installed_modules():
        for path in module.texts:
            yield from resolve_path(path)()


def set_named(name: str) -> TextSet | None:
    """The set of a name; None where there is none."""
    return next((each for each in all_sets() if each.name == name), None)


def folder_sets(
    read: Callable[[str], Mapping[str, Pack]], *told: tuple[str, Promise, Promise]
) -> list[TextSet]:
    """Sets that are read by name: (name, label, what it is for)."""
    return [TextSet(name, label, about, partial(read, name)) for name, label, about in told]

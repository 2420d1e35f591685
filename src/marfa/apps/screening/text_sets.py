"""The words of the lists of questions that are reviewed before they are put to real people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.screening.instruments import library_of_files
from marfa.apps.texts.sets import TextSet
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.message import InputError, Message
from marfa.domain.prohibited_grounds.named_groups import language_of
from marfa.methods.screening import Instrument, Library
from marfa.methods.screening.checks import not_checked, problems_of_pack
from marfa.methods.screening.text_packs import Pack, Text


def text_sets() -> Iterator[TextSet]:
    """Each set of words of a list, shared by several lists or not."""
    library = library_of_files()
    for name in sorted({pack.set for pack in library.packs_of_files}):
        lists = lists_with(library, name)
        if lists:
            yield TextSet(
                name,
                _label(library, name, lists),
                _("Questions put to people, and the words of the list around them."),
                partial(packs_of, library, name),
                partial(_check, library, lists),
            )


def lists_with(library: Library, name: str) -> tuple[Instrument, ...]:
    """The lists that have words of a set. A list that is wrong is left out."""
    found = []
    for each in library.names():
        try:
            instrument = library.instrument(each)
        except InputError:
            continue
        if name in instrument.texts:
            found.append(instrument)
    return tuple(found)


def packs_of(library: Library, name: str) -> Mapping[str, Pack]:
    """The words of a set by language: those of the installation over those of Marfa."""
    found: dict[str, Pack] = {}
    for pack in library.packs_of_files:
        if pack.set == name:
            before = found.get(pack.language)
            if before is not None:
                pack = replace(
                    pack,
                    texts={**before.texts, **pack.texts},
                    gendered=before.gendered or pack.gendered,
                )
            found[pack.language] = pack
    return found


def _label(library: Library, name: str, lists: Sequence[Instrument]) -> Promise | str:
    packs = packs_of(library, name)
    pack = packs.get(get_language() or SOURCE_LANGUAGE) or packs.get(SOURCE_LANGUAGE)
    if pack is not None and "title" in pack.texts:
        return pack.texts["title"].words()
    return _("Words that several lists share") if len(lists) > 1 else name


def _check(
    library: Library, lists: Iterable[Instrument], pack: Pack, key: str, text: Text
) -> Iterator[Message]:
    """What is wrong with one text as the words of each list that has it."""
    if not pack.own:
        return
    if not language_of(pack.language):
        yield not_checked(pack).message
    of_set = packs_of(library, pack.set).values()
    gendered = any(one.gendered for one in of_set if one.language == pack.language)
    alone = replace(pack, texts={key: text})
    found = {}
    for instrument in lists:
        for problem in problems_of_pack(alone, instrument, gendered):
            found[problem.message.key] = problem.message
    yield from found.values()

"""The page docs/reference/code-lists.md, from the code lists; ``tools/made_pages.py`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from marfa.domain.codelists import (
    STANDARDS,
    UN_LANGUAGES,
    CodeList,
    Mapped,
    Standard,
    codelist,
    list_names,
)

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "code-lists.md"

HEAD = """\
# Code lists

<!-- Made from the lists by tools/code_lists_page.py: change those, not this page. -->

One list is one file in `src/marfa/domain/lists/`; `desks`, `roles`, `purposes` and
`recipient_kinds` are declared together in `src/marfa/domain/desks.toml`. Codes are stored and
exchanged; labels are shown. Under each list stands how its codes map to the Human Trafficking Case
Data Standard 2.0 (HTCDS) and to the variables of the Counter-Trafficking Data Collaborative (CTDC),
and what is lost on the way. Lists of HTCDS itself map to themselves without loss. Translations
marked as drafts have not been reviewed by a professional translator.

On the command line: `marfa codes list`, `marfa codes show NAME`. In Python:
`from marfa.domain.codelists import codelist`, then `codelist("sex").label("female", "ar")`.

## Countries and languages

Countries are those of ISO 3166-1 (`marfa.domain.countries`, 249 codes), with the names of the
United Nations (M49) in its six languages and those of Unicode CLDR in others. Kosovo has no ISO
code; `XK` and `XKX` are accepted from the range that ISO leaves to users, as CLDR and the European
Union write it, and have no number. States that no longer exist are refused.
Names and borders are no statement of this project.

Languages are those of ISO 639-3 (`marfa.domain.languages`), stored by their three letters, since
what a person speaks decides which interpreter is called. Where ISO 639-2, which HTCDS asks for,
has the language, the (terminological) code is the same. Names come from CLDR, and from the list
`spoken_languages` for those that CLDR lacks.

Neither is ever an input of a score, a match weight or an alert.

## Lists
"""


def page() -> str:
    """The whole page."""
    lists = [codelist(name) for name in list_names()]
    lines = [HEAD, "| list | title | codes |", "| --- | --- | --- |"]
    lines += [f"| [`{x.name}`](#{x.name}) | {x.title['en']} | {len(x.codes)} |" for x in lists]
    for each in lists:
        lines += ["", *_section(each)]
    return "\n".join(lines) + "\n"


def _section(listed: CodeList) -> Iterator[str]:
    yield f"## {listed.name}"
    yield ""
    several = "Several may hold at once. " if listed.several else ""
    state = "" if listed.reviewed else " Translations: draft."
    yield f"{listed.title['en']}. {several}Source: {listed.source}. {listed.licence}.{state}"
    if listed.note:
        yield from ("", listed.note)
    yield from ("", "| code | " + " | ".join(UN_LANGUAGES) + " |")
    yield "| --- |" + " --- |" * len(UN_LANGUAGES)
    for entry in listed.entries:
        labels = " | ".join(entry.labels[language] for language in UN_LANGUAGES)
        yield f"| `{entry.code}` | {labels} |"
    yield from _definitions(listed)
    for standard in STANDARDS:
        yield from _mappings(listed, standard)
    if listed.corrections:
        yield from ("", "Corrected labels:", "")
        yield from (f"- {correction}" for correction in listed.corrections)


def _definitions(listed: CodeList) -> Iterator[str]:
    defined = [entry for entry in listed.entries if entry.definition]
    if not defined:
        return
    yield from ("", "Definitions:", "")
    yield from (f"- `{e.code}`: {e.definition['en']}" for e in defined if e.definition)


def _mappings(listed: CodeList, standard: Standard) -> Iterator[str]:
    if standard == "htcds" and listed.htcds_field:
        return
    found = [(code, mapped) for code in listed.codes if (mapped := listed.map(code, standard))]
    if not found:
        return
    yield from ("", f"| code | {standard.upper()} | lost |", "| --- | --- | --- |")
    for code, mapped in found:
        yield _row(f"`{code}`", mapped)
        for known, other in mapped.when:
            yield _row(f"`{code}` with `{known}`", other)


def _row(head: str, mapped: Mapped) -> str:
    targets = ", ".join(f"`{target}`" for target in mapped.targets) or "no place"
    return f"| {head} | {targets} | {mapped.loss_in('en') or ''} |"

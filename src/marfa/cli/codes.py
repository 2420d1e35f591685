"""``marfa codes``: the code lists, for translators and data officers."""

from __future__ import annotations

import click

from marfa.cli.base import Command, Group, json_option, print_json
from marfa.cli.language import _, terminal_language
from marfa.domain.codelists import STANDARDS, UN_LANGUAGES, CodeList, Mapped, codelist, list_names


@click.group(cls=Group, help=_("Show the code lists: codes, labels, mapping to standards."))
def codes() -> None:
    """The group of commands about code lists."""


@codes.command(
    "list",
    cls=Command,
    help=_("List the code lists with their titles and the number of their codes."),
    examples=("marfa codes list", "marfa codes list --language ar --json"),
)
@click.option(
    "--language",
    type=click.Choice(UN_LANGUAGES),
    default=None,
    help=_("Language of the labels; by default that of the terminal."),
)
@json_option
def list_codes(language: str | None, as_json: bool) -> None:
    """All lists, one a line: name, number of codes, title."""
    language = language or terminal_language()
    found = [codelist(name) for name in list_names()]
    if as_json:
        print_json([_summary(each, language) for each in found])
        return
    width = max(len(each.name) for each in found)
    for each in found:
        title = each.title[language]
        click.echo(f"{each.name:<{width}}  {len(each.codes):>3}  {title}")


@codes.command(
    "show",
    cls=Command,
    help=_("Show one code list: codes, labels, definitions, mapping and what it loses."),
    examples=("marfa codes show exploitation_forms --language ar", "marfa codes show sex --json"),
)
@click.argument("name")
@click.option(
    "--language",
    type=click.Choice(UN_LANGUAGES),
    default=None,
    help=_("Language of the labels; by default that of the terminal."),
)
@json_option
def show_codes(name: str, language: str | None, as_json: bool) -> None:
    """One list, entry by entry, with its source and licence."""
    language = language or terminal_language()
    found = codelist(name)
    if as_json:
        print_json(_whole(found, language))
        return
    click.echo(found.title[language])
    for code in found.codes:
        click.echo("\n" + "\n".join(_lines(found, code, language)))
    click.echo()
    click.echo(_("Source: {source}").format(source=found.source))
    click.echo(_("Licence: {licence}").format(licence=found.licence))
    if not found.reviewed:
        click.echo(_("The translations are drafts that no professional translator has reviewed."))


def _lines(found: CodeList, code: str, language: str) -> list[str]:
    whole = _entry(found, code, language)
    lines = [f"{code}: {whole['label']}"]
    if whole["definition"]:
        lines.append(f"  {whole['definition']}")
    for standard in STANDARDS:
        mapped = found.map(code, standard)
        if mapped is not None:
            lines.append(_mapped_line(standard.upper(), mapped, language))
            lines += [
                _mapped_line(f"  {standard.upper()}, {known}", other, language)
                for known, other in mapped.when
            ]
    return lines


def _mapped_line(head: str, mapped: Mapped, language: str) -> str:
    targets = ", ".join(mapped.targets) or _("no place")
    loss = mapped.loss_in(language)
    return f"  {head}: {targets}" + (f" ({loss})" if loss else "")


def _summary(found: CodeList, language: str) -> dict[str, object]:
    return {"name": found.name, "codes": len(found.codes), "title": found.title[language]}


def _whole(found: CodeList, language: str) -> dict[str, object]:
    return {
        "name": found.name,
        "title": found.title[language],
        "language": language,
        "several": found.several,
        "reviewed": found.reviewed,
        "source": found.source,
        "licence": found.licence,
        "note": found.note,
        "corrections": list(found.corrections),
        "codes": [_entry(found, code, language) for code in found.codes],
    }


def _mapping(mapped: Mapped, language: str) -> dict[str, object]:
    whole: dict[str, object] = {
        "targets": list(mapped.targets),
        "loss": mapped.loss_in(language),
    }
    if mapped.when:
        whole["when"] = {known: _mapping(other, language) for known, other in mapped.when}
    return whole


def _entry(found: CodeList, code: str, language: str) -> dict[str, object]:
    entry = found.entry(code)
    definition = entry.definition
    mapping: dict[str, object] = {}
    for standard in STANDARDS:
        mapped = found.map(code, standard)
        if mapped is not None:
            mapping[standard] = _mapping(mapped, language)
    return {
        "code": code,
        "label": found.label(code, language),
        "definition": definition and (definition.get(language) or definition["en"]),
        "attributes": dict(entry.attributes),
        "mapping": mapping,
    }

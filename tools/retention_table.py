"""The page docs/reference/retention.md, from the field register.

``tools/made_pages.py`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from marfa.domain.codelists import codelist
from marfa.safeguards.fields.declarations import ModelDeclaration, read_declarations

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
PAGE = ROOT / "docs" / "reference" / "retention.md"

HEAD = """\
# Retention

<!-- Made from the register of fields by tools/retention_table.py: change that, not this. -->

How long each table is kept, and from when. The periods are this project's proposal: no law names
them, and the data controller decides. `marfa privacy retain` destroys what is past its period.
Where a table has several classes, some of its rows are kept longer:
[privacy](../platform/privacy.md).

## Classes

| class | name | kept |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD.rstrip("\n")]
    for entry in codelist("retention_classes").entries:
        definition = entry.definition["en"] if entry.definition else ""
        lines.append(f"| `{entry.code}` | {entry.labels['en']} | {definition} |")
    lines += [
        "",
        "## Tables",
        "",
        "| table | class | from | what for |",
        "| --- | --- | --- | --- |",
    ]
    for app, declared in _declared():
        for model in declared.values():
            start = f"`{model.kept_from}`" if model.kept_from else ""
            classes = ", ".join(f"`{code}`" for code in (model.retention, *model.longer))
            lines.append(f"| {app}.{model.name} | {classes} | {start} | {model.meaning} |")
    return "\n".join(lines) + "\n"


def _declared() -> Iterator[tuple[str, dict[str, ModelDeclaration]]]:
    """App and its declarations, by name; without Django, so that any machine can write the page."""
    foreign = Path(str(files("marfa.safeguards.fields") / "foreign"))
    found = [(path.stem, path) for path in foreign.glob("*.toml")]
    found += [(path.parent.name, path) for path in SOURCE.rglob("fields.toml")]
    for app, path in sorted(found):
        yield app, read_declarations(path.read_text(encoding="utf-8"), path.name)

"""What the documentation must hold. Each check returns its problems as sentences."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from urllib.parse import unquote, urlsplit

import click

from marfa.domain.catalogue import load_catalogue
from marfa.platform.settings import NOT_SETTINGS, PREFIX, Settings
from tests.support import markdown
from tests.support.outside import outside_installations

BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
SHELL_WORDS = frozenset({"|", ">", ">>", "<", ";", "&&", "||", "&"})


def setting_problems(settings: type[Settings], page: str) -> list[str]:
    """Settings that the page lacks or tells wrongly, and names on it that are no settings."""
    described = {section.title: section.text for section in markdown.sections(page)}
    problems = [
        problem
        for name in settings.model_fields
        for problem in _setting(settings, name, described.get(name))
    ]
    known = {PREFIX + name.upper() for name in settings.model_fields} | NOT_SETTINGS
    for name in sorted(set(re.findall(rf"{PREFIX}[A-Z0-9_]+", page)) - known):
        problems.append(f"{name} is in the page, and there is no such variable")
    for title, text in described.items():
        is_setting = re.fullmatch(r"[a-z][a-z0-9_]*", title) and "- Environment:" in text
        if is_setting and title not in settings.model_fields:
            problems.append(f"{title} is in the page, and there is no such setting")
    return [*problems, *_example_settings(settings, page)]


def _setting(settings: type[Settings], name: str, text: str | None) -> Iterator[str]:
    if text is None:
        yield f"the setting {name} has no section"
        return
    field = settings.model_fields[name]
    default = json.dumps(field.default, ensure_ascii=False)
    for line in (f"- Environment: `{PREFIX}{name.upper()}`", "- Type: ", f"- Default: `{default}`"):
        if line not in text:
            yield f"the section of the setting {name} lacks {line!r}"
    kind = next((line for line in text.splitlines() if line.startswith("- Type:")), "")
    for value in (*_choices(field.annotation), *_bounds(field.metadata)):
        if not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", kind):
            yield f"the type of the setting {name} lacks {value}"


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(value) for value in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return []


def _bounds(metadata: Iterable[Any]) -> list[str]:
    values = [getattr(entry, bound, None) for entry in metadata for bound in BOUNDS]
    return [str(value) for value in values if value is not None]


def _example_settings(settings: type[Settings], page: str) -> Iterator[str]:
    examples = [block for language, block in markdown.fences(page) if language == "toml"]
    shown: set[str] = set()
    for example in examples:
        values = tomllib.loads(example)
        settings(**values)  # a wrong example says itself what is wrong
        shown |= values.keys()
    if not examples:
        yield "there is no example"
        return
    # Some exclude each other, and stand in examples of their own.
    for name in settings.model_fields.keys() - shown:
        yield f"the example lacks the setting {name}"


def commands(command: click.Command, path: str = "marfa") -> Iterator[tuple[str, click.Command]]:
    """Each command of a tree with its path, groups and lazily loaded ones included."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        with outside_installations():
            children = {n: command.get_command(context, n) for n in command.list_commands(context)}
        for name, child in children.items():
            if child is None:
                raise LookupError(f"{path} lists {name} and does not have it")
            yield from commands(child, f"{path} {name}")


def command_problems(root: click.Command, pages: Iterable[str]) -> list[str]:
    """Commands and options without a mention, and mentions of what does not exist."""
    described: dict[str, str] = {}
    for page in pages:
        for section in markdown.sections(page):
            described[section.title] = described.get(section.title, "") + "\n" + section.text
    tree = dict(commands(root))
    problems = [f"{path} has no section" for path in tree if path not in described]
    problems += [
        f"{title} has a section, and there is no such command"
        for title in described
        if re.fullmatch(r"marfa( [a-z0-9-]+)*", title) and title not in tree
    ]
    for path, command in tree.items():
        text = described.get(path)
        if text is not None:
            problems += [f"{path} {option} is not mentioned" for option in _missing(command, text)]
    known = {"--help", *(option for command in tree.values() for option in _options(command))}
    mentioned = {option for text in described.values() for option in OPTION.findall(text)}
    problems += [f"{option} is mentioned, and no command has it" for option in mentioned - known]
    return sorted(problems)


def _options(command: click.Command) -> list[str]:
    return [
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    ]


def _missing(command: click.Command, text: str) -> list[str]:
    return [option for option in _options(command) if option not in OPTION.findall(text)]


def example_problems(root: click.Command, page: str) -> list[str]:
    """Commands in shell examples that do not exist or lack an option they are given."""
    tree = dict(commands(root))
    problems: list[str] = []
    for language, block in markdown.fences(page):
        if language not in ("sh", "bash", "console", "shell"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            problems += _example(tree, line)
    return problems


def _example(tree: dict[str, click.Command], line: str) -> Iterator[str]:
    try:
        words = shlex.split(line.removeprefix("$ "), comments=True)
    except ValueError:
        yield f"not a command line: {line}"
        return
    if not words or Path(words[0]).name != "marfa":
        return
    path = "marfa"
    for word in words[1:]:
        if word in SHELL_WORDS:
            return
        if f"{path} {word}" in tree:
            path = f"{path} {word}"
        elif isinstance(tree[path], click.Group) and not word.startswith("-"):
            yield f"{path} has no command {word}: {line}"
            return
        elif word.startswith("--") and word.partition("=")[0] not in _known(tree[path]):
            yield f"{path} has no option {word}: {line}"


def _known(command: click.Command) -> set[str]:
    return {"--help", *_options(command)}


def link_problems(root: Path) -> list[str]:
    """Relative links and anchors, in every Markdown file, that lead nowhere."""
    site = root / "docs"
    return [
        f"{file.relative_to(root)}: {target}: {problem}"
        for file in markdown.files(root)
        for target in markdown.links(file.read_text(encoding="utf-8"))
        if (problem := _link(file, target, site))
    ]


def _link(file: Path, target: str, site: Path) -> str | None:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    if parts.path.startswith("/"):
        return "a link begins where its page is"
    goal = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
    if not goal.exists():
        return "there is no such file"
    in_site = file.resolve().is_relative_to(site.resolve())
    if in_site and not goal.is_relative_to(site.resolve()):
        return "it leaves the site"
    if parts.fragment and goal.suffix == ".md":
        known = markdown.anchors(goal.read_text(encoding="utf-8"), site=in_site)
        if unquote(parts.fragment) not in known:
            return "the page has no such heading"
    return None


def path_problems(root: Path) -> list[str]:
    """Source files, and names in them (``src/a.py:name``), that are told of and do not exist."""
    return [
        f"{file.relative_to(root)}: {word}: {problem}"
        for file in markdown.files(root)
        for word in markdown.code_words(file.read_text(encoding="utf-8"))
        if word.startswith("src/") and "<" not in word and (problem := _path(root, word))
    ]


def _path(root: Path, word: str) -> str | None:
    path, _colon, name = word.partition(":")
    if not any(root.glob(path.rstrip("/"))):
        return "there is no such file"
    if name:
        text = (root / path).read_text(encoding="utf-8")
        if not re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b", text, re.MULTILINE):
            return "the file defines no such name"
    return None


def sentence_problems(packages: Iterable[str], notices: frozenset[str], page: str) -> list[str]:
    """Sentences with which the software refuses that the page does not explain."""
    text = " ".join(page.split())
    problems = []
    for package in packages:
        for entry in load_catalogue(package, "en") or ():
            key = str(entry.id[0] if isinstance(entry.id, tuple | list) else entry.id)
            if key and f"{package}:{key}" not in notices and f"**{entry.string}**" not in text:
                problems.append(f"{package}:{key} is not explained: {entry.string}")
    return problems

"""As much of Markdown as the checks of the documentation need."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
ATTRIBUTE = re.compile(r"\b(?:src|href)=[\"']([^\"']+)[\"']")
CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
NOT_OURS = {"node_modules", "var", "site", "build", "dist"}


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading that is not deeper."""

    level: int
    title: str
    text: str


def files(root: Path) -> list[Path]:
    """Every Markdown file of the project, without what was installed or built."""
    found = []
    for folder, names, here in os.walk(root):
        names[:] = [name for name in names if not name.startswith(".") and name not in NOT_OURS]
        found += [Path(folder, name) for name in here if name.endswith(".md")]
    return sorted(found)


def fences(text: str) -> list[tuple[str, str]]:
    """Fenced blocks: their language and what is in them."""
    return [(language, block) for language, block in _blocks(text) if language is not None]


def prose(text: str) -> str:
    """The text without fenced blocks."""
    return "\n".join(block for language, block in _blocks(text) if language is None)


def _blocks(text: str) -> Iterator[tuple[str | None, str]]:
    language: str | None = None
    fence = ""
    lines: list[str] = []
    for line in text.splitlines():
        found = FENCE.match(line)
        if found and (not fence or (found[1].startswith(fence) and not found[2].strip())):
            yield language, "\n".join(lines)
            lines = []
            language, fence = (None, "") if fence else (found[2].strip(), found[1])
        else:
            lines.append(line)
    yield language, "\n".join(lines)


def sections(text: str) -> list[Section]:
    """The sections, in their order; a section holds the text of the deeper ones below it."""
    lines = prose(text).splitlines()
    heads = [(at, found) for at, line in enumerate(lines) if (found := HEADING.match(line))]
    result = []
    for index, (at, found) in enumerate(heads):
        level = len(found[1])
        later = (place for place, other in heads[index + 1 :] if len(other[1]) <= level)
        body = lines[at + 1 : next(later, len(lines))]
        result.append(Section(level, found[2].replace("`", ""), "\n".join(body)))
    return result


def code_words(text: str) -> list[str]:
    """What stands in backticks outside fenced blocks, each on one line."""
    return [" ".join(found[2].split()) for found in CODE.finditer(prose(text))]


def links(text: str) -> list[str]:
    """Targets of links and images, outside code."""
    plain = CODE.sub("", prose(text))
    return [*LINK.findall(plain), *DEFINITION.findall(plain), *ATTRIBUTE.findall(plain)]


def anchors(text: str, *, site: bool) -> set[str]:
    """The anchors of a page's headings; the site's builder and GitHub make them differently."""
    found: set[str] = set()
    for section in sections(text):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", section.title)
        slug = re.sub(r"[^\w\s-]", "", title).strip().lower()
        slug = re.sub(r"[-\s]+", "-", slug) if site else slug.replace(" ", "-")
        number = 0
        unique = slug
        while unique in found:
            number += 1
            unique = f"{slug}_{number}" if site else f"{slug}-{number}"
        found.add(unique)
    return found

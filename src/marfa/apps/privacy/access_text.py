"""The answer to a person as a page that can be printed, and as plain text."""

from __future__ import annotations

from html import escape

from marfa.apps.privacy.access import AccessReport, Section
from marfa.domain import handling
from marfa.domain.catalogue import RIGHT_TO_LEFT, render_message
from marfa.domain.message import Message

STYLE = """
body { font-family: "Noto Sans", "Noto Sans Arabic", sans-serif; margin: 2rem auto;
  max-inline-size: 45rem; line-height: 1.5; padding-inline: 1rem }
dl { border-block-start: 1px solid; padding-block: .5rem; margin: 0 }
dt { font-weight: bold } dd { margin-inline-start: 1rem; overflow-wrap: anywhere }
"""


def answer_sentence(
    answer: AccessReport, key: str, count: int | None = None, **params: object
) -> str:
    """One of our sentences in the language of the answer."""
    message = Message(f"apps.privacy:access-{key}", params, count=count)
    return render_message(message, answer.language)


def _title(answer: AccessReport) -> str:
    return (
        answer_sentence(answer, "title-of", kind=answer.about)
        if answer.about
        else answer_sentence(answer, "title")
    )


def as_text(answer: AccessReport) -> str:
    """Plain text, one value a line."""
    lines = [_title(answer), answer_sentence(answer, "made", at=answer.made_at), ""]
    for section in answer.sections:
        lines += [section.title, *_why(answer, section), ""]
        for row in section.rows:
            lines += [*(f"  {name}: {_shown(value)}" for name, value in row.items()), ""]
    for told in answer.further:
        lines += [str(told["title"]), *(f"  {line}" for line in _lines(told)), ""]
    return "\n".join([*lines, *_closing(answer), "", _not_for(answer), answer.mark]) + "\n"


def as_html(answer: AccessReport) -> str:
    """One page that loads nothing from anywhere."""
    direction = "rtl" if answer.language in RIGHT_TO_LEFT else "ltr"
    title = escape(_title(answer))
    parts = [
        f'<!doctype html><html lang="{answer.language}" dir="{direction}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f'<meta name="{handling.NAME}" content="{escape(answer.mark)}">',
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>",
        _paragraph(answer_sentence(answer, "made", at=answer.made_at)),
    ]
    for section in answer.sections:
        parts += [f"<h2>{escape(section.title)}</h2>", *map(_paragraph, _why(answer, section))]
        parts += [_list(row) for row in section.rows]
    for told in answer.further:
        parts += [f"<h2>{escape(str(told['title']))}</h2>", *map(_paragraph, _lines(told))]
    return (
        "\n".join([*parts, *map(_paragraph, _closing(answer)), _paragraph(_not_for(answer))]) + "\n"
    )


def _not_for(answer: AccessReport) -> str:
    return render_message(Message("domain:handling-sentence"), answer.language)


def _why(answer: AccessReport, section: Section) -> list[str]:
    comma = render_message(Message("domain:list-comma"), answer.language)
    lines = [answer_sentence(answer, "purposes", purposes=comma.join(section.purposes))]
    if section.legal_bases:
        lines.append(answer_sentence(answer, "bases", bases=comma.join(section.legal_bases)))
    return [*lines, answer_sentence(answer, "retention", retention=section.retention)]


def _closing(answer: AccessReport) -> list[str]:
    if not answer.sections and not answer.further:
        return [answer_sentence(answer, "nothing"), answer_sentence(answer, "rights")]
    left = [
        answer_sentence(answer, f"left-{kind}", count=n) for kind, n in answer.left_out.items() if n
    ]
    return [*left, answer_sentence(answer, "rights")]


def _lines(told: dict[str, object]) -> list[str]:
    lines = told["lines"]
    return [str(line) for line in lines] if isinstance(lines, list) else []


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    return str(value)


def _paragraph(text: str) -> str:
    return f'<p dir="auto">{escape(text)}</p>'


def _list(row: dict[str, object]) -> str:
    pairs = (
        f'<dt>{escape(name)}</dt><dd dir="auto">{escape(_shown(value))}</dd>'
        for name, value in row.items()
    )
    return f"<dl>{''.join(pairs)}</dl>"

"""Small lists written for the tests: invented people in the layout of the United Nations list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from marfa.methods.watchlists import Entry, ListedBirth, ListedDocument, ListedName, Quality


@dataclass(frozen=True)
class Made:
    """An entry to be written."""

    reference: str
    names: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    script: str = ""
    born: str = ""
    document: str = ""
    dataid: str = "1"
    version: str = "1"
    comment: str = ""
    updated: str = "2020-01-01"

    @property
    def tag(self) -> str:
        return "INDIVIDUAL" if self.reference[2] == "i" else "ENTITY"

    def but(self, **changes: object) -> Made:
        return replace(self, **changes)  # type: ignore[arg-type]


PEOPLE = (
    Made(
        "XAi.001",
        ("Tariq", "Yunis", "Al-Zubaydi"),
        (("Good", "Tarek Younes Azzoubaidi"), ("Low", "al-Saqr"), ("Low", "Hamdan Qutayba")),
        "طارق يونس الزبيدي",
        "1971-03-09",
        "K8812345",
    ),
    Made(
        "XAi.002",
        ("Okello", "Barnabas"),
        (("Good", "Barnaby Okelo, Simba"), ("a.k.a.", "Okello Barnaba; B. Okello")),
        born="1980",
    ),
    Made("XAi.003", ("Vladislav", "Rudenko"), (("f.k.a.", "Vladyslav Karpov"), ("", ""))),
    Made("XAi.004", ("Selam", "Tesfay"), (("Good", "ሰላም ተስፋይ"),), comment="Last seen in 2019."),
)
BODIES = (
    Made("XAe.001", ("Harbour Light Trading Company",), (("a.k.a.", "HLTC"),)),
    Made("XAe.002", ("Barnabas Okello Foundation",)),
)


def un_xml(made: Iterable[Made] = (*PEOPLE, *BODIES), dated: str = "2026-01-05") -> str:
    """A list in the layout of the United Nations."""
    every = list(made)
    people = "".join(_entry(each) for each in every if each.tag == "INDIVIDUAL")
    bodies = "".join(_entry(each) for each in every if each.tag == "ENTITY")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<CONSOLIDATED_LIST dateGenerated="{dated}T00:00:09.554Z">\n'
        f"<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES>{bodies}</ENTITIES>\n"
        "</CONSOLIDATED_LIST>\n"
    )


def write_un(
    path: Path, made: Iterable[Made] = (*PEOPLE, *BODIES), dated: str = "2026-01-05"
) -> Path:
    """The same as a file."""
    path.write_text(un_xml(made, dated), encoding="utf-8")
    return path


def many(number: int) -> tuple[Made, ...]:
    """So many people whose names have nothing in common."""
    return tuple(
        Made(f"XBi.{n:03d}", (f"Q{_word(n)}", f"Z{_word(n * 7 + 3)}"), dataid=str(n))
        for n in range(1, number + 1)
    )


def _word(number: int) -> str:
    letters = "bdfgklmnprst"
    return "".join(letters[number // 12**place % 12] + "aiou"[place] for place in range(4))


def _entry(each: Made) -> str:
    tags = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    names = "".join(_tag(tag, name) for tag, name in zip(tags, each.names, strict=False))
    aliases = "".join(
        f"<{each.tag}_ALIAS>{_tag('QUALITY', quality)}{_tag('ALIAS_NAME', name)}</{each.tag}_ALIAS>"
        for quality, name in each.aliases
    )
    said = [
        _tag("DATAID", each.dataid),
        _tag("VERSIONNUM", each.version),
        names,
        _tag("UN_LIST_TYPE", "Example"),
        _tag("REFERENCE_NUMBER", each.reference),
        _tag("LISTED_ON", "2018-06-07"),
        _tag("NAME_ORIGINAL_SCRIPT", each.script) if each.script else "",
        _tag("COMMENTS1", each.comment) if each.comment else "",
        f"<NATIONALITY>{_tag('VALUE', 'Examplia')}</NATIONALITY>",
        f"<LAST_DAY_UPDATED>{_tag('VALUE', each.updated)}</LAST_DAY_UPDATED>",
        aliases,
        _born(each.born) if each.born else "",
        _document(each.document) if each.document else "",
    ]
    return f"<{each.tag}>{''.join(said)}</{each.tag}>"


def _born(text: str) -> str:
    said = _tag("DATE", text) if len(text) == 10 else _tag("YEAR", text)
    kind = _tag("TYPE_OF_DATE", "EXACT")
    return f"<INDIVIDUAL_DATE_OF_BIRTH>{kind}{said}</INDIVIDUAL_DATE_OF_BIRTH>"


def _document(number: str) -> str:
    said = _tag("TYPE_OF_DOCUMENT", "Passport") + _tag("NUMBER", number)
    return f"<INDIVIDUAL_DOCUMENT>{said}</INDIVIDUAL_DOCUMENT>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name}/>"


def entry(
    reference: str,
    *names: str | tuple[str, Quality],
    kind: str = "person",
    born: Sequence[ListedBirth] = (),
    documents: Sequence[str] = (),
    comment: str = "",
) -> Entry:
    """An entry without a file. names: the first is the primary one, the others Good unless said."""
    listed = [
        ListedName(*each)
        if isinstance(each, tuple)
        else ListedName(each, Quality.GOOD if number else Quality.PRIMARY)
        for number, each in enumerate(names)
    ]
    said: dict[str, object] = {"names": [[each.text, each.quality] for each in listed]}
    said["comment"] = comment
    said["born"] = [f"{b.earliest}/{b.latest}" for b in born]
    said["documents"] = list(documents)
    return Entry(
        reference,
        kind,
        tuple(listed),
        reference,
        births=tuple(born),
        documents=tuple(ListedDocument(number, "Passport") for number in documents),
        content=said,
    )

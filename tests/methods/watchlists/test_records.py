"""XML that can do harm is refused, and what is long is read in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.watchlists import read_source
from marfa.methods.watchlists.records import MOST_IN_RECORD, xml_records
from tests.methods.watchlists.lists import PEOPLE, un_xml

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE CONSOLIDATED_LIST SYSTEM "http://localhost:9/x.dtd">'
PARAMETER = '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_source(path)
    problem = caught.value.problems[0]
    assert problem.place.file == path.name
    return problem.message.code.removeprefix("methods.watchlists:")


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "list.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, REMOTE, PARAMETER])
def test_what_declares_is_refused(tmp_path: Path, head: str) -> None:
    text = un_xml().replace("<CONSOLIDATED_LIST", head + "\n<CONSOLIDATED_LIST", 1)
    text = text.replace("Rudenko", "&x;" if "x SYSTEM" in head else "&l9;", 1)
    assert code_of(written(tmp_path, text)) == "file-declares"


def test_the_five_entities_of_xml_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, un_xml([PEOPLE[2].but(names=("Vlad & <Co>",))]))
    assert read_source(path)["XAi.003"].name == "Vlad & <Co>"


def test_a_list_in_utf_16_is_read(tmp_path: Path) -> None:
    text = un_xml().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    found = read_source(written(tmp_path, text.encode("utf-16")))
    assert found["XAi.001"].names[1].text == "طارق يونس الزبيدي"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(tmp_path: Path, share: float) -> None:
    data = un_xml().encode()
    assert code_of(written(tmp_path, data[: int(len(data) * share)])) in (
        "file-cut",
        "file-not-xml",
    )


def test_depth_and_size_of_a_record_have_limits(tmp_path: Path) -> None:
    deep = un_xml().replace("<VERSIONNUM>1", "<a>" * 40 + "</a>" * 40 + "<VERSIONNUM>1", 1)
    assert code_of(written(tmp_path, deep)) == "file-deep"
    long = un_xml([PEOPLE[0].but(comment="x" * (MOST_IN_RECORD + 1))])
    assert code_of(written(tmp_path, long)) == "record-large"


@pytest.mark.parametrize("long", ['<VERSIONNUM a="{}">', "<!--{}--><VERSIONNUM>"])
def test_what_does_not_end_is_not_waited_for(tmp_path: Path, long: str) -> None:
    text = un_xml().replace("<VERSIONNUM>", long.format("x" * (24 << 20)), 1)
    path = written(tmp_path, text)
    tracemalloc.start()
    assert code_of(path) == "record-large"
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20


def write_large(path: Path, megabytes: int) -> int:
    """A well-formed list of so many megabytes; the number of its records."""
    record = un_xml([PEOPLE[0].but(comment="x" * 40_000)])
    head, _tag, rest = record.partition("<INDIVIDUAL>")
    body, _end, tail = rest.partition("</INDIVIDUAL>")
    number = (megabytes << 20) // len(body) + 1
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head)
        for n in range(number):
            stream.write(f"<INDIVIDUAL>{body.replace('XAi.001', f'XAi.{n:04d}')}</INDIVIDUAL>")
        stream.write(tail)
    return number


def memory_of_reading(path: Path) -> tuple[int, int]:
    """How many records were read, and the most memory that it took at once."""
    tracemalloc.start()
    records: Iterator[object] = xml_records(path, root="CONSOLIDATED_LIST", depth=3)
    number = sum(1 for _ in records) - 1
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return number, most


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    number = write_large(path, 12)
    assert memory_of_reading(path)[0] == number
    assert memory_of_reading(path)[1] < 3 << 20


@pytest.mark.slow
def test_200_megabytes_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    number = write_large(path, 200)
    found, most = memory_of_reading(path)
    assert (found, most < 3 << 20) == (number, True)

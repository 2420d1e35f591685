"""Pages set as PDF: whose fonts, what is fetched, what is said where it does not work."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from marfa.platform.documents import writer
from marfa.platform.documents.writer import DocumentError, write_pdf

ARABIC = (
    '<html lang="ar" dir="rtl"><title>معلومات</title><p>أهلاً <b>بكم</b> 12 <bdi>+961 1</bdi></p>'
)
OTHER_FONT = '<html lang="en"><p style="font-family: \'DejaVu Serif\', serif">Hello <i>you</i></p>'


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts in the file, without the tag of a subset."""
    document = pypdfium2.PdfDocument(pdf)
    found = set()
    for page in document:
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            font = pypdfium2.raw.FPDFTextObj_GetFont(thing.raw)
            length = pypdfium2.raw.FPDFFont_GetBaseFontName(font, None, 0)
            name = (pypdfium2.raw.c_char * length)()
            pypdfium2.raw.FPDFFont_GetBaseFontName(font, name, length)
            found.add(name.value.decode().partition("+")[2])
    return found


@pytest.mark.parametrize("html", [ARABIC, OTHER_FONT], ids=["arabic", "another font asked for"])
def test_every_font_is_ours(html: str) -> None:
    pdf = write_pdf(html)
    fonts = fonts_of(pdf)
    assert fonts
    assert all(each.startswith("Marfa-Sans") for each in fonts), fonts


def test_arabic_runs_from_right_to_left() -> None:
    page = pypdfium2.PdfDocument(write_pdf(ARABIC))[0]
    boxes = [each.get_bounds() for each in page.get_objects()]
    # Without the direction of the page the text would begin at the left margin.
    assert min(left for left, *_ in boxes) > page.get_width() / 2


def test_the_same_page_gives_the_same_file_and_no_time() -> None:
    first, second = write_pdf(ARABIC), write_pdf(ARABIC)
    assert first == second
    assert b"CreationDate" not in first


def test_a_page_that_fetches_is_not_set(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    for address in (secret.as_uri(), "http://127.0.0.1:9/picture.png"):
        with pytest.raises(DocumentError) as refused:
            write_pdf(f"<p>Before</p><img src='{address}'>")
        assert refused.value.problems[0].message.key == "failed"
    # A picture that lies in the page is one of its own.
    assert write_pdf("<p>Before</p><img src='data:image/svg+xml,<svg/>'>").startswith(b"%PDF")


def test_letters_that_our_fonts_lack_are_named() -> None:
    with pytest.raises(DocumentError) as refused:
        write_pdf("<style>p::before { content: '' } /* 北 */</style><p>Hello ሰላም</p>")
    message = refused.value.problems[0].message
    assert message.key == "letters-missing"
    assert message.params["letters"] == " ".join(sorted("ሰላም"))


def test_a_machine_without_pango_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker = (writer.HERE / "worker.py").read_text(encoding="utf-8")
    # What its import raises where the library of the system is absent.
    broken = worker.replace(
        "import weasyprint  # noqa: F401", "raise OSError('cannot load library')"
    )
    assert broken != worker
    (tmp_path / "worker.py").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(writer, "HERE", tmp_path)
    with pytest.raises(DocumentError) as refused:
        write_pdf(ARABIC)
    assert refused.value.problems[0].message.key == "library-missing"


def test_nothing_of_a_page_is_in_an_error(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DocumentError) as refused:
        write_pdf("<p>Amira</p><img src='http://127.0.0.1:9/Amira.png'>")
    assert "Amira" not in f"{refused.value} {caplog.text}"
    assert re.search(r"ended with -?\d+", caplog.text)


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("worker", 60)

    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(DocumentError) as refused:
        write_pdf(ARABIC)
    assert refused.value.problems[0].message.key == "too-long"

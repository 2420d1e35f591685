"""A list of one's own, as ``marfa instruments new`` writes it, with a question and signatures."""

from __future__ import annotations

from pathlib import Path

from marfa.methods.screening import Library, skeletons
from marfa.methods.screening.use import SECOND_ACCEPTS

NAME = "ours"
EXAMPLE = "Is there something that you would like us to know?"
ONE, TWO = "Amal Haddad", "Idris Noor"


def write_list(folder: Path, question: str = EXAMPLE, language: str = "en") -> Path:
    """A list whose one question is asked in a language; in English the example stays where that is
    another. The file of the list."""
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for path, text in skeletons.instrument(NAME).items():
        said = text.replace(EXAMPLE, question) if language == "en" else text
        (folder / path).write_text(_reviewed(said), encoding="utf-8")
    if language != "en":
        (folder / "texts" / f"{NAME}.{language}.toml").write_text(
            _reviewed(
                f'schema = 1\nset = "{NAME}"\nlanguage = "{language}"\nstatus = "draft"\n\n'
                f'[texts]\ntitle = "-"\nexample = "{question}"\n'
            ),
            encoding="utf-8",
        )
    return folder / f"{NAME}.toml"


def _reviewed(text: str) -> str:
    said = 'status = "reviewed"\nby = "A reviewer"\ndate = 2026-01-02'
    return text.replace('status = "draft"', said)


def sign(folder: Path, name: str = NAME, *, second: str = TWO) -> Path:
    """Sign for what the folder holds as it stands. second: who signs too; "" for nobody."""
    library = Library([folder], lenient=True)
    made = skeletons.authorisation(library.instrument(name), own_words=True)
    ((path, text),) = made.items()
    text = text.replace("# signed_on = 2026-01-31", "signed_on = 2020-01-01")
    text = text.replace("# valid_until = 2026-12-31", "valid_until = 2099-12-31")
    if second:
        text = text.replace('second_signed_by = ""', f'second_signed_by = "{second}"')
        text = text.replace('second_role = ""', 'second_role = "Case supervisor"')
        text = text.replace('second_accepts = ""', f'second_accepts = "{SECOND_ACCEPTS}"')
    else:
        text = "".join(line for line in text.splitlines(True) if not line.startswith("second_"))
    text = text.replace('\nsigned_by = ""', f'\nsigned_by = "{ONE}"')
    text = text.replace('= ""', '= "Harbour Relief"')
    (folder / path).write_text(text, encoding="utf-8")
    return folder / path

"""Settings: where they come from, and the sentence that a wrong one ends in."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError
from marfa.platform.settings import read_settings


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MARFA_DATABASE", "MARFA_PORT", "MARFA_DATA"):
        monkeypatch.delenv(name, raising=False)


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "marfa.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings.listen == "127.0.0.1"
    assert settings.public_origin == "http://localhost:8000"


def test_environment_wins_over_file_and_command_line_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path, "port = 8001\nthreads = 2\n")
    assert read_settings(folder).port == 8001
    monkeypatch.setenv("MARFA_PORT", "8002")
    assert read_settings(folder).port == 8002
    assert read_settings(folder, port=8003).port == 8003
    assert read_settings(folder).threads == 2


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("port = 99999", "field port", "Port the server listens on"),
        ('port = "many"', "field port", "Port the server listens on"),
        ("prot = 8000", "field prot", "no setting called prot"),
        ('listen = "localhost"', "field listen", "IP address"),
        ('listen = "0.0.0.0"', "", "secure address"),
        ('origin = "http://marfa.example"', "field origin", "https"),
        ('origin = "https://marfa.example/path"', "field origin", "without a path"),
        ('database = "mysql://x"', "field database", "postgresql://"),
        ('default_language = "xx"', "field default_language", "en or ar"),
        ('log_level = "loud"', "field log_level", "debug, info"),
        ('mail_server = "http://mail.example"', "field mail_server", "smtps://"),
        ("session_hours = 0", "field session_hours", "Hours"),
        ("port = [", "", "not a valid TOML file"),
    ],
)
def test_a_wrong_setting_is_named_and_explained(
    tmp_path: Path, text: str, place: str, expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_settings(folder_with(tmp_path, text))
    sentence = " ".join(render_problem(problem) for problem in caught.value.problems)
    assert str(tmp_path / "marfa.toml") in sentence
    assert place in sentence
    assert expected in sentence
    for language in LANGUAGES:
        assert all(render_problem(problem, language) for problem in caught.value.problems)


def test_all_wrong_settings_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_settings(folder_with(tmp_path, "port = 0\nthreads = 0\n"))
    assert len(caught.value.problems) == 2


def test_a_misspelt_variable_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARFA_PROT", "8000")
    with pytest.raises(InputError, match="setting-unknown") as caught:
        read_settings(tmp_path)
    assert "MARFA_PROT" in render_problem(caught.value.problems[0])


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARFA_PORT", "x")
    with pytest.raises(InputError) as caught:
        read_settings(tmp_path)
    assert "MARFA_PORT" in render_problem(caught.value.problems[0])


def test_what_was_typed_is_not_repeated(tmp_path: Path) -> None:
    """A database's address may hold a password; it must not reach a log."""
    with pytest.raises(InputError) as caught:
        read_settings(folder_with(tmp_path, 'database = "mysql://user:hunter2@host/db"'))
    assert "hunter2" not in render_problem(caught.value.problems[0])


def test_other_machines_are_served_on_a_secure_origin(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, 'listen = "0.0.0.0"\norigin = "https://marfa.example"\n')
    assert read_settings(folder).public_origin == "https://marfa.example"

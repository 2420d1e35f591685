"""Where the key of the installation comes from, and that changing this is all or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from marfa.crypto.keys import Key
from marfa.crypto.passphrases import Cost
from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError
from marfa.platform import keyproviders
from marfa.platform.datafolder import InstallationKind, check_provider, new_folder, open_folder
from marfa.platform.keyproviders import (
    ByCommand,
    ByFile,
    ByPassphrase,
    Protection,
    Provider,
    command_of,
    handed_over,
    open_key,
    protect_file,
    provider_of,
)

CHEAP = asdict(Cost(memory_kib=64, passes=1, lanes=1))
WORDS = "lantern orbit kettle mosaic thunder"
SECRET = "ab" * 32
REPEATING = (sys.executable, "-c", "print('ab' * 32)")
HERE = "0123456789abcdef"


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    keyproviders.forget_opened_keys()
    for name in (keyproviders.PASSPHRASE_FD, keyproviders.KEYS_FD, "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "instance.key"
    file.write_text(Key.random().expose().hex() + "\n")
    return file


def printing(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; sys.stdout.write({text!r})")


def by_passphrase(words: str = WORDS) -> ByPassphrase:
    return ByPassphrase(words, CHEAP)


def opened(file: Path, passphrase: str = WORDS) -> Key:
    keyproviders.forget_opened_keys()
    return open_key(file.read_text(), identifier=HERE, file=file, ask=lambda: passphrase)


def refusal(file: Path, **given: str) -> str:
    with pytest.raises(InputError) as caught:
        opened(file, **given)
    (problem,) = caught.value.problems
    assert all(render_problem(problem, language) for language in LANGUAGES)
    return problem.message.key


@pytest.mark.parametrize(
    "how", [ByFile(), by_passphrase(), ByCommand(REPEATING)], ids=lambda how: how.provider
)
def test_the_key_stays_the_same_however_it_is_protected(key_file: Path, how: Protection) -> None:
    key = opened(key_file)
    protect_file(key_file, key, how, identifier=HERE)
    assert opened(key_file) == key
    text = key_file.read_text()
    assert provider_of(text) is how.provider
    assert (key.expose().hex() in text) is (how.provider is Provider.FILE)
    assert SECRET not in text
    assert WORDS not in text
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in key_file.parent.iterdir()] == [key_file.name]


def test_another_passphrase_or_installation_does_not_open(key_file: Path) -> None:
    protect_file(key_file, opened(key_file), by_passphrase(), identifier=HERE)
    assert refusal(key_file, passphrase="lantern orbit") == "key-passphrase-wrong"
    keyproviders.forget_opened_keys()
    with pytest.raises(InputError, match="key-passphrase-wrong"):
        open_key(key_file.read_text(), identifier="other", file=key_file, ask=lambda: WORDS)


def test_a_weak_passphrase_changes_nothing(key_file: Path) -> None:
    before = key_file.read_text()
    with pytest.raises(InputError, match="passphrase-guessable"):
        protect_file(key_file, opened(key_file), by_passphrase("harbour"), identifier=HERE)
    assert key_file.read_text() == before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("/nowhere/unseal",), "key-command-missing"),
        ((), "key-command-missing"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "key-command-failed"),
        (printing("no secret"), "key-command-output"),
        (printing("ab" * 31), "key-command-output"),
        ((sys.executable, "-c", "import time; time.sleep(60)"), "key-command-slow"),
    ],
)
def test_what_goes_wrong_with_a_command_is_said(
    key_file: Path, command: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyproviders, "COMMAND_SECONDS", 1)
    before = key_file.read_text()
    with pytest.raises(InputError, match=said):
        protect_file(key_file, opened(key_file), ByCommand(command), identifier=HERE)
    assert key_file.read_text() == before


def test_a_command_that_gives_another_secret_than_before(key_file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    protect_file(key_file, opened(key_file), ByCommand(("cat", str(secret))), identifier=HERE)
    assert command_of(key_file.read_text()) == ("cat", str(secret))
    secret.write_text("cd" * 32)
    assert refusal(key_file) == "key-command-other"


def test_a_command_may_print_bytes(key_file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(range(32)))
    key = opened(key_file)
    protect_file(key_file, key, ByCommand(("cat", str(secret))), identifier=HERE)
    assert opened(key_file) == key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 2, "provider": "passphrase"}', "key-newer"),
        ('{"format": 1, "provider": "oracle"}', "key-damaged"),
        ('{"format": 1, "provider": "passphrase"}', "key-damaged"),
        ('{"format": 1, "provider": "command", "command": "cat"}', "key-damaged"),
        ('{"format": 1', "key-damaged"),
        ("abc", "key-damaged"),
        ("", "key-damaged"),
    ],
)
def test_a_damaged_or_later_file(key_file: Path, text: str, said: str) -> None:
    key_file.write_text(text)
    assert refusal(key_file) == said


def test_every_point_at_which_power_can_fail_leaves_a_key(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = opened(key_file)
    for step in ("open", "fsync"):
        real = getattr(os, step)

        def fail(*arguments: object, step: str = step, **more: object) -> object:
            raise OSError("power")

        monkeypatch.setattr(os, step, fail)
        with pytest.raises(OSError, match="power"):
            protect_file(key_file, key, by_passphrase(), identifier=HERE)
        monkeypatch.setattr(os, step, real)
        assert opened(key_file) == key
        assert provider_of(key_file.read_text()) is Provider.FILE
    # What a cut left beside its place is no hindrance.
    (key_file.parent / f".{key_file.name}.new").write_text("half")
    protect_file(key_file, key, by_passphrase(), identifier=HERE)
    assert opened(key_file) == key


def test_the_passphrase_comes_from_a_descriptor_once(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = opened(key_file)
    protect_file(key_file, key, by_passphrase(), identifier=HERE)
    keyproviders.forget_opened_keys()
    reading, writing = os.pipe()
    os.write(writing, WORDS.encode() + b"\n")
    os.close(writing)
    monkeypatch.setenv(keyproviders.PASSPHRASE_FD, str(reading))
    for _ in range(2):
        assert open_key(key_file.read_text(), identifier=HERE, file=key_file) == key
    assert keyproviders.PASSPHRASE_FD not in os.environ


def test_the_passphrase_comes_from_a_credential(
    key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = opened(key_file)
    protect_file(key_file, key, by_passphrase(), identifier=HERE)
    keyproviders.forget_opened_keys()
    (tmp_path / keyproviders.CREDENTIAL).write_text(WORDS + "\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert open_key(key_file.read_text(), identifier=HERE, file=key_file) == key


def test_without_a_terminal_it_is_said_what_is_missing(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect_file(key_file, opened(key_file), by_passphrase(), identifier=HERE)
    keyproviders.forget_opened_keys()
    with pytest.raises(InputError, match="key-passphrase-needed"):
        open_key(key_file.read_text(), identifier=HERE, file=key_file)
    monkeypatch.setenv(keyproviders.PASSPHRASE_FD, "777")
    with pytest.raises(InputError, match="key-passphrase-unreadable"):
        open_key(key_file.read_text(), identifier=HERE, file=key_file)


def test_a_child_is_given_what_was_opened_and_its_environment_does_not_show_it(
    key_file: Path,
) -> None:
    key = opened(key_file)
    protect_file(key_file, key, by_passphrase(), identifier=HERE)
    opened(key_file)
    program = (
        "import sys, pathlib\n"
        "from marfa.platform.keyproviders import open_key\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "found = open_key(file.read_text(), identifier=sys.argv[2], file=file)\n"
        "print(found.expose().hex())\n"
    )
    with handed_over() as (more, descriptors):
        assert key.expose().hex() not in str(more)
        ran = subprocess.run(
            [sys.executable, "-c", program, str(key_file), HERE],
            env={**os.environ, **more},
            pass_fds=descriptors,
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    assert ran.stdout.strip() == key.expose().hex()


def test_the_setting_refuses_a_key_that_is_protected_otherwise(tmp_path: Path) -> None:
    with new_folder(
        tmp_path / "data", kind=InstallationKind.LIVE, desks=("reporting", "administration")
    ):
        pass
    folder = open_folder(tmp_path / "data")
    for expected in ("", "file"):
        check_provider(folder.path, expected)
    with pytest.raises(InputError, match="key-protected-otherwise"):
        check_provider(folder.path, "passphrase")

"""What goes wrong in the field: mixed data, signals, strange paths, a failing database."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.installation import (
    ADMINISTRATOR,
    environment,
    free_port,
    get,
    init,
    marfa,
    sentence,
    serving,
)
from tests.support.shared_copies import Once

DEMO = (sys.executable, "-m", "marfa", "demo", "--people", "0")


def test_a_demonstration_never_opens_a_live_database(
    installation: Path, once: Once, tmp_path: Path
) -> None:
    """Both ways of mixing them: the file itself, and on PostgreSQL the address."""
    demonstration = once.demonstration(tmp_path / "demonstration")
    # A log of changes left beside the file belongs to the database it was.
    for left in demonstration.glob("database.sqlite3-*"):
        left.unlink()
    shutil.copyfile(installation / "database.sqlite3", demonstration / "database.sqlite3")
    for command in ("demo", "users list", "migrate"):
        found = marfa(*command.split(), "--data", str(demonstration))
        assert "another installation" in sentence(found), command


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_init_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    arguments = [
        *("init", "--data", str(tmp_path / "data"), "--site", "Site", "--organisation", "Us"),
        *("--time-zone", "Asia/Damascus", "--administrator", "amal"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "marfa", *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    _out, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    left = [entry.name for entry in tmp_path.iterdir()]
    assert left in ([], ["data"]), "nothing, or the whole of it where the signal came too late"


def test_two_demonstrations_made_at_once_end_in_a_sentence(tmp_path: Path) -> None:
    both = [
        subprocess.Popen(
            [*DEMO, "--data", str(tmp_path / "data"), "--port", p],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for p in (str(free_port()), str(free_port()))
    ]
    try:
        deadline = time.monotonic() + 300
        while not (tmp_path / "data").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2)
    finally:
        for process in both:
            process.send_signal(signal.SIGINT)
    for process in both:
        _out, err = process.communicate(timeout=300)
        assert "Traceback" not in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["data"]


def test_the_last_administrator_is_not_blocked(installation: Path) -> None:
    data = ("--data", str(installation))
    assert "last administrator" in sentence(marfa("users", "block", ADMINISTRATOR, *data))
    assert marfa("users", "add", "second", "--role", "administrator", *data).returncode == 0
    assert marfa("users", "block", ADMINISTRATOR, *data).returncode == 0
    assert "is blocked" in sentence(marfa("users", "link", ADMINISTRATOR, *data))
    assert "last administrator" in sentence(marfa("users", "block", "second", *data))


def test_a_name_like_markup_is_shown_as_it_is(installation: Path) -> None:
    data = ("--data", str(installation))
    assert marfa("users", "add", "[/x]", "--role", "statistician", *data).returncode == 0
    assert "[/x]" in marfa("users", "list", *data).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--data", "/etc/hostname/x"),
        ("serve", "--data", "x" * 300),
        ("serve", "--data", "~nosuchuser/x"),
        ("users", "add", "amal2", "--role", "statistician", "--name", "x" * 300),
    ],
)
def test_a_mistake_is_never_a_traceback(installation: Path, arguments: tuple[str, ...]) -> None:
    where = () if "--data" in arguments else ("--data", str(installation))
    sentence(marfa(*arguments, *where))


def test_unreadable_files_are_said(installation: Path) -> None:
    toml = installation / "marfa.toml"
    toml.unlink()
    toml.mkdir(mode=0o700)
    assert "settings cannot be read" in sentence(marfa("serve", "--data", str(installation)))
    toml.rmdir()
    toml.symlink_to(installation / "instance.json")
    assert "is a link" in sentence(marfa("serve", "--data", str(installation)))


def test_a_folder_of_somebody_else_is_not_opened(installation: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away; belongs to the run on PostgreSQL as root")
    os.chown(installation / "keys", 4242, 4242)
    assert "another user" in sentence(marfa("serve", "--data", str(installation)))


def test_commands_with_spaces_can_be_copied(tmp_path: Path) -> None:
    made = init(tmp_path / "two words")
    assert f"marfa serve --data '{tmp_path / 'two words'}'" in made.stdout


def test_what_lies_in_the_current_folder_is_not_imported(
    once: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demonstration = once.demonstration(tmp_path / "data")
    here = tmp_path / "here"
    here.mkdir()
    (here / "pydantic_settings.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(here)
    port = str(free_port())
    process = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("marfa")),
            *("demo", "--data", str(demonstration), "--port", port),
        ],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert f"localhost:{port}" in first, first
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)


def ask(port: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=300)
    connection.request("GET", path, headers={"Host": "marfa.example", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_a_proxy_says_that_the_origin_is_secure(installation: Path) -> None:
    port = free_port()
    with serving("serve", installation, port=port, MARFA_ORIGIN="https://marfa.example"):
        clear = ask(str(port), "/sign-in/")
        assert (clear.status, clear.headers["Location"]) == (301, "https://marfa.example/sign-in/")
        secure = ask(str(port), "/sign-in/", **{"X-Forwarded-Proto": "https"})
        assert secure.status == 200
        assert "max-age" in secure.headers["Strict-Transport-Security"]
        wrong = ask(str(port), "/sign-in/", Host="elsewhere.example")
        assert wrong.status == 400


def test_a_database_that_fails_gives_a_page_and_a_silent_log(installation: Path) -> None:
    with serving("serve", installation) as served:
        assert get(f"{served.origin}/sign-in/")[0] == 200
        (installation / "database.sqlite3").write_bytes(b"")
        for rest in ("-wal", "-shm"):
            (installation / f"database.sqlite3{rest}").unlink(missing_ok=True)
        request = urllib.request.Request(f"{served.origin}/sign-in/CANARY-SECRET/")
        identifier = json.loads((installation / "instance.json").read_text())["identifier"][:8]
        request.add_header("Cookie", f"__Host-{identifier}-session={'a' * 32}")
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                status, page = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                status, page = error.code, error.read().decode()
        assert status == 500
        assert "The fault is ours" in page
    log = served.log()
    assert "CANARY" not in log
    assert "Traceback" not in log
    assert len(log.splitlines()) < 20


SWALLOWED = """
import os, signal
from marfa.cli import main
from marfa.domain.message import InputError, Message

class Callback:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGHUP)

def command(**_options):
    Callback()
    raise InputError.at(Message("platform:backup-database-damaged", {"path": "x"}))

main.marfa.main = command
main.main([])
"""


def test_a_stop_that_compiled_code_swallows_is_told_as_one() -> None:
    """pydantic's pattern is one such place, a destructor another: there the exception is only
    printed, and the command goes on to an error that nobody made."""
    run = subprocess.run(
        [sys.executable, "-c", SWALLOWED], env=environment(), capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (1, "Stopped.\n")

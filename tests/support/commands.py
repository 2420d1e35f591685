"""Commands in processes of their own that begin with what every command imports.

Starting Python and importing Django is most of what a short command costs. One process of each test
run has done that; for every command it forks one that goes on as ``python -m marfa`` would: own
arguments, environment, folder and streams, and an end with all that Python does at its end.

Run as a program it is that process: ``python -m tests.support.commands FD``.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

# None of these reads settings, the language or the folder while it is imported.
IMPORTED = (
    "asyncio",
    "babel.dates",
    "cedarpy",
    "click",
    "concurrent.futures",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.argon2",
    "csp.middleware",
    "django.contrib.auth.hashers",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.urls",
    "django.views.debug",
    "email.mime.text",
    "filetype",
    "hijridate",
    "marfa.crypto.agefiles",
    "marfa.crypto.boxes",
    "marfa.crypto.merkle",
    "marfa.crypto.passphrases",
    "marfa.crypto.stream",
    "marfa.domain.codelists",
    "marfa.domain.dates",
    "marfa.domain.handling",
    "marfa.domain.ids",
    "marfa.domain.prohibited_grounds",
    "marfa.methods.screening",
    "marfa.methods.xforms",
    "multiprocessing",
    "packaging.version",
    "pydantic_settings",
    "stdnum.damm",
    "tarfile",
    "urllib.request",
    "xml.dom.minidom",
)
ROOT = Path(__file__).parents[2]
LONGEST = 1 << 20
TIMEOUT = 300


def run_command(
    arguments: list[str], environment: Mapping[str, str], script: str = ""
) -> subprocess.CompletedProcess[str]:
    """As ``python -m marfa ARGUMENTS`` in the present folder. script: Python that is run before."""
    asked = {"arguments": arguments, "environment": dict(environment), "script": script}
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
        open(os.devnull, "rb") as nothing,
    ):
        channel, *_process = _server(os.getpid())
        text = json.dumps({**asked, "folder": os.getcwd()}).encode()
        socket.send_fds(channel, [text], [nothing.fileno(), out.fileno(), errors.fileno()])
        process = int(channel.recv(64))
        try:
            code = int(channel.recv(64))
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            channel.recv(64)
            raise subprocess.TimeoutExpired(["marfa", *arguments], TIMEOUT) from None
        texts = []
        for stream in (out, errors):
            stream.seek(0)
            texts.append(stream.read().decode().replace("\r\n", "\n"))
    return subprocess.CompletedProcess(["marfa", *arguments], code, *texts)


@cache
def _server(_own: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """It ends when this process does, since nothing holds the other end then."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.commands", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    ours.settimeout(TIMEOUT)
    return ours, process


def _serve(channel: socket.socket) -> dict[str, Any]:
    """Fork a process for each that is asked for; returns in the forked one, with what it does."""
    while True:
        text, streams, _flags, _address = socket.recv_fds(channel, LONGEST, 3)
        if not text:
            os._exit(0)
        process = os.fork()
        if process == 0:
            for place, stream in enumerate(streams):
                os.dup2(stream, place)
                os.close(stream)
            channel.close()
            asked: dict[str, Any] = json.loads(text)
            return asked
        for stream in streams:
            os.close(stream)
        channel.send(str(process).encode())
        _process, status = os.waitpid(process, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def _main() -> None:
    for name in IMPORTED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    asked = _serve(socket.socket(fileno=int(sys.argv[1])))
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    arguments: list[str] = asked["arguments"]
    sys.argv = ["marfa", *arguments]
    if asked["script"]:
        exec(asked["script"], {"__name__": "__main__"})  # noqa: S102 - the test wrote it
    from marfa.cli.main import main

    main(arguments) if asked["script"] else main()


if __name__ == "__main__":
    _main()

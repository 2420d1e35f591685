"""gunicorn with one of its workers and a page that says how much was sent: what a connection meets
before a page is asked, without an installation.

python -m tests.support.bare_server WORKER DESCRIPTOR CERTIFICATE [NAME=SECONDS ...]
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PATIENT = "marfa.web.connections.PatientWorker"
STOCK = "gthread"
LARGE = 64 * 1024 * 1024


@contextlib.contextmanager
def bare_server(worker: str = PATIENT, secure: str = "", **changed: float) -> Iterator[int]:
    """The port of a server with four threads; ``changed`` are constants of ``connections``.

    secure: file with a certificate and its key, where it is to speak TLS.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        descriptor = listening.fileno()
        names = [f"{name}={value}" for name, value in changed.items()]
        command = [sys.executable, "-m", __name__, worker, str(descriptor), secure, *names]
        process = subprocess.Popen(command, pass_fds=[descriptor], stderr=subprocess.PIPE)
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError("the server did not stop") from None
            finally:
                if process.stderr is not None:
                    process.stderr.close()


def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
    """How many bytes came; nothing of who broke off. ``/large`` is a file that fills what lies
    between server and visitor."""
    if environ["PATH_INFO"] == "/large":
        start("200 OK", [("Content-Length", str(LARGE))])
        file = tempfile.TemporaryFile()  # noqa: SIM115
        file.truncate(LARGE)
        wrapped: list[bytes] = environ["wsgi.file_wrapper"](file)
        return wrapped
    try:
        came = len(environ["wsgi.input"].read())
        status = "200 OK"
    except OSError:
        came, status = 0, "400 Bad Request"
    text = f"{environ['PATH_INFO']} {came}".encode()
    start(status, [("Content-Length", str(len(text)))])
    return [text]


def main(worker: str, descriptor: str, secure: str, *changed: str) -> None:
    from django.conf import settings
    from gunicorn.app.base import BaseApplication

    from marfa.web import connections

    settings.configure(MARFA=SimpleNamespace(origin=""))
    for pair in changed:
        name, _, value = pair.partition("=")
        setattr(connections, name, type(getattr(connections, name))(float(value)))

    shown = [SimpleNamespace(pem=Path(secure).read_bytes())] if secure else []

    def begin(process: Any) -> None:
        if shown:
            process.secure = connections.Secure(lambda: shown.pop() if shown else None)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {
                "bind": f"fd://{descriptor}",
                **(connections.OPTIONS if worker == PATIENT else {"worker_class": worker}),
                "threads": 4,
                "post_worker_init": begin,
                "loglevel": "error",
                "graceful_timeout": 5,
                "control_socket_disable": True,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return answer

    Server().run()


if __name__ == "__main__":
    main(*sys.argv[1:])

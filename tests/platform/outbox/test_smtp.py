"""A mail handed over to a server that listens, and none in clear to another machine."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from marfa.platform.outbox import smtp
from marfa.platform.outbox.smtp import smtp_transport


class Server(socketserver.ThreadingTCPServer):
    """Takes mails without TLS, keeps all that it is told, and says farewell wrongly."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.told: list[str] = []


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        in_data = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.told.append(line)
            if in_data and line != ".":
                continue
            in_data = line.lower() == "data"
            self.wfile.write(b"354 go on\r\n" if in_data else b"250 well\r\n")
            if line.lower() == "quit":
                return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "a@mail.example", "b@mail.example"
    message["Subject"] = "1"
    message.set_content("Something waits for you.")
    return message


def test_a_mail_is_handed_over(server: Server) -> None:
    smtp_transport(f"smtp://127.0.0.1:{server.server_address[1]}").send(mail())
    assert "Something waits for you." in server.told
    assert any("b@mail.example" in line for line in server.told)


def test_nothing_is_said_in_clear_to_another_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_is_here", lambda host: False)
    with pytest.raises(smtplib.SMTPException):
        smtp_transport(f"smtp://127.0.0.1:{server.server_address[1]}").send(mail())
    assert not any("mail.example" in line for line in server.told)


def test_addresses() -> None:
    found = smtp_transport("smtps://post%40x:se%3Acret@mail.example")
    assert (found.port, found.user, found.password) == (465, "post@x", "se:cret")
    assert "cret" not in repr(found)
    for wrong in ("http://mail.example", "smtp://", "smtp://mail.example/path"):
        with pytest.raises(ValueError, match="mail_server"):
            smtp_transport(wrong)

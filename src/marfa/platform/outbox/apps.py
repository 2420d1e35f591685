from django.apps import AppConfig
from django.conf import settings

from marfa.platform.autodiscovery import read_modules


class OutboxConfig(AppConfig):
    name = "marfa.platform.outbox"
    label = "outbox"

    def ready(self) -> None:
        """What the mechanisms listen to is read, and the texts of their mails."""
        read_modules("subscribers")
        if settings.MARFA.mail_server:
            self._set_mail_server(settings.MARFA.mail_server, settings.MARFA.mail_sender)

    def _set_mail_server(self, address: str, sender: str) -> None:
        from marfa.platform.outbox.mail import CARRIER
        from marfa.platform.outbox.smtp import smtp_transport

        transport = smtp_transport(address)
        CARRIER.transport = transport
        CARRIER.sender = sender or f"noreply@{transport.host}"

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "marfa.platform.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Every app's ``subscribers.py`` is read: listeners to events, and texts of mails."""
        autodiscover_modules("subscribers")
        if settings.MARFA.mail_server:
            self._set_mail_server(settings.MARFA.mail_server, settings.MARFA.mail_sender)

    def _set_mail_server(self, address: str, sender: str) -> None:
        from marfa.platform.outbox.mail import CARRIER
        from marfa.platform.outbox.smtp import smtp_transport

        transport = smtp_transport(address)
        CARRIER.transport = transport
        CARRIER.sender = sender or f"noreply@{transport.host}"

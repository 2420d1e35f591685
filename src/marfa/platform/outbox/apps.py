from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "marfa.platform.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Every app's ``subscribers.py`` is read: listeners to events, and texts of mails."""
        autodiscover_modules("subscribers")

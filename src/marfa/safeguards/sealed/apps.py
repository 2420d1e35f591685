from importlib import import_module

from django.apps import AppConfig


class SealedConfig(AppConfig):
    name = "marfa.safeguards.sealed"
    label = "sealed"

    def ready(self) -> None:
        import_module("marfa.safeguards.sealed.jobs")

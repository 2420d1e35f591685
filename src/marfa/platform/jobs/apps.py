from django.apps import AppConfig

from marfa.platform.autodiscovery import read_modules


class JobsConfig(AppConfig):
    name = "marfa.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        """The jobs of the mechanisms are read, so that a worker knows their handlers."""
        read_modules("jobs")

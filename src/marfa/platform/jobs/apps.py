from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "marfa.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Every app's ``jobs.py`` is read, so that a worker knows all handlers."""
        autodiscover_modules("jobs")

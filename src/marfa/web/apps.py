from django.apps import AppConfig
from django.core.checks import register

from marfa.web.checks import desks_may_stand_together


class WebConfig(AppConfig):
    name = "marfa.web"
    label = "web"

    def ready(self) -> None:
        """All apps are there by now, and so are their models."""
        from marfa.apps.contributions import check_manifests, register_contributions

        register(check_manifests)
        register(desks_may_stand_together)
        register_contributions()

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "marfa.apps.finding"
    label = "finding"

    def ready(self) -> None:
        """The key of digests is wrapped anew when the instance key is rotated."""
        from marfa.apps.finding.digests import rewrap
        from marfa.apps.finding.models import LookupKey
        from marfa.platform.keys.holders import by_column, register

        register(by_column("finding.digests", LookupKey, rewrap))

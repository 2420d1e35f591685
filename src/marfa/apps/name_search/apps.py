from django.apps import AppConfig


class NameSearchConfig(AppConfig):
    name = "marfa.apps.name_search"
    label = "name_search"

    def ready(self) -> None:
        """The key of digests is wrapped anew when the instance key is rotated."""
        from marfa.apps.name_search.digests import rewrap
        from marfa.apps.name_search.models import LookupKey
        from marfa.platform.keys.holders import by_column, register

        register(by_column("name_search.digests", LookupKey, rewrap))

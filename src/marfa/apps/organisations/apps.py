from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "marfa.apps.organisations"
    label = "organisations"

    def ready(self) -> None:
        from marfa.apps.organisations.queries import keys_of_organisations
        from marfa.platform.rowsecurity.context import organisations_come_from

        organisations_come_from(keys_of_organisations)

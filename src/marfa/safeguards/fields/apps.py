from django.apps import AppConfig
from django.core.checks import register


class FieldsConfig(AppConfig):
    name = "marfa.safeguards.fields"
    label = "fields"

    def ready(self) -> None:
        from marfa.safeguards.fields.checks import check_fields
        from marfa.safeguards.fields.separation import check_rows

        register(check_fields)
        register(check_rows)

from django.apps import AppConfig
from django.core.checks import register


class FieldsConfig(AppConfig):
    name = "marfa.safeguards.fields"
    label = "fields"

    def ready(self) -> None:
        from marfa.safeguards.fields.apart import check_rows
        from marfa.safeguards.fields.checking import check_fields

        register(check_fields)
        register(check_rows)

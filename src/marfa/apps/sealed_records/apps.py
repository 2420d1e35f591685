from django.apps import AppConfig


class SealedRecordsConfig(AppConfig):
    name = "marfa.apps.sealed_records"
    label = "sealed_records"

    def ready(self) -> None:
        from marfa.apps.sealed_records.queries import standing_of
        from marfa.safeguards.sealed.policy_facts import register

        register("note", standing_of)

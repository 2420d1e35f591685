from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "marfa.safeguards.vault"
    label = "vault"

    def ready(self) -> None:
        """The keys of persons are wrapped anew when the instance key is rotated."""
        from marfa.platform.keys.holders import by_column, register_holder
        from marfa.safeguards.vault.key_store import rewrap_subject_key
        from marfa.safeguards.vault.models import SubjectKey
        from marfa.safeguards.vault.reconciliation import ListHolder

        register_holder(by_column("vault.persons", SubjectKey, rewrap_subject_key))
        register_holder(ListHolder())

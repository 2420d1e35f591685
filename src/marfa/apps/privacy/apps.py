from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "marfa.apps.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Who is on the erased list is shredded again where an older database had them."""
        from marfa.apps.privacy.erasure import shred_again
        from marfa.safeguards.vault.erasure import shred_when_replayed

        shred_when_replayed("privacy", shred_again)

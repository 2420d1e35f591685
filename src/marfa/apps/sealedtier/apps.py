from django.apps import AppConfig


class SealedTierConfig(AppConfig):
    name = "marfa.apps.sealedtier"
    label = "sealedtier"

    def ready(self) -> None:
        from marfa.apps.sealedtier.queries import standing_of
        from marfa.safeguards.sealed.standing import register

        register("note", standing_of)

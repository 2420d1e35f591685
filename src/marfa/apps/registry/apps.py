from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "marfa.apps.registry"
    label = "registry"

    def ready(self) -> None:
        from marfa.apps.registry.histories import histories
        from marfa.apps.registry.models import Person, RegisteredFact
        from marfa.apps.registry.policy_facts import protected_people
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(FactKind("people", RegisteredFact, histories, owners_in(Person), protected_people))

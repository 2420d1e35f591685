from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "marfa.apps.cases"
    label = "cases"

    def ready(self) -> None:
        import marfa.apps.cases.subscribers  # noqa: F401
        from marfa.apps.cases import retention
        from marfa.apps.cases.facts import histories
        from marfa.apps.cases.models import CaseFact
        from marfa.apps.registry.models import Person
        from marfa.apps.registry.policy_facts import protected_people
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(FactKind("cases", CaseFact, histories, owners_in(Person), protected_people))
        retention.register()

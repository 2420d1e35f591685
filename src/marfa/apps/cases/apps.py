from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "marfa.apps.cases"
    label = "cases"

    def ready(self) -> None:
        import marfa.apps.cases.subscribers  # noqa: F401
        from marfa.apps.cases import keeping
        from marfa.apps.cases.facts import histories
        from marfa.apps.cases.models import CaseFact
        from marfa.apps.people.models import Person
        from marfa.apps.people.standing import protected_people
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(FactKind("cases", CaseFact, histories, owners_in(Person), protected_people))
        keeping.register()

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "marfa.apps.people"
    label = "people"

    def ready(self) -> None:
        import marfa.apps.people.queue_subscribers
        from marfa.apps.people.histories import histories
        from marfa.apps.people.models import Person, RegisteredFact
        from marfa.apps.people.standing import protected_people
        from marfa.platform.facts.kinds import FactKind, owners_in, register

        register(FactKind("people", RegisteredFact, histories, owners_in(Person), protected_people))

        import marfa.apps.people.figures.making
        import marfa.apps.people.finding.listening
        import marfa.apps.people.finding.renewing  # noqa: F401

from django.urls import path

from marfa.apps.studies.views import bands, load, panel, people, results, studies

app_name = "studies"
urlpatterns = [
    path("studies/", studies.all_studies, name="all"),
    path("studies/plan/", studies.plan, name="plan"),
    path("studies/load/", load.load, name="load"),
    path("studies/<str:reference>/", studies.one, name="one"),
    path("studies/<str:reference>/people/", people.people, name="people"),
    path("studies/<str:reference>/people/<str:interview>/", people.enrol, name="enrol"),
    path("studies/<str:reference>/panel/", panel.waiting, name="panel"),
    path("studies/<str:reference>/panel/<str:person>/", panel.read, name="read"),
    path("studies/<str:reference>/score/", people.score, name="score"),
    path("studies/<str:reference>/results/", results.results, name="results"),
    path("studies/<str:reference>/band/", bands.band, name="band"),
]

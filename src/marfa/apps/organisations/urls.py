from django.urls import path

from marfa.apps.organisations.views import people, places, roles

app_name = "organisations"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add"),
    path("people/ending/", people.ending, name="ending"),
    path("people/<str:reference>/", people.person, name="person"),
    path("people/<str:reference>/role/", people.grant, name="grant"),
    path("people/<str:reference>/link/", people.link, name="link"),
    path("people/<str:reference>/block/", people.block, name="block"),
    path("people/<str:reference>/unblock/", people.unblock, name="unblock"),
    path("roles/<str:reference>/end/", roles.end_grant, name="end_grant"),
    path("sites/", places.sites, name="sites"),
    path("sites/guest/", places.add_guest, name="add_guest"),
    path("sites/<str:reference>/add/", places.add_site, name="add_site"),
    path("sites/<str:reference>/leave/", places.end_guest, name="end_guest"),
    path("teams/", places.teams, name="teams"),
    path("teams/add/", places.add_team, name="add_team"),
    path("teams/<str:reference>/", places.team, name="team"),
    path("teams/<str:reference>/member/", places.member, name="member"),
    path("teams/<str:reference>/end/", places.end_team, name="end_team"),
    path("exclusions/", places.exclusions, name="exclusions"),
]

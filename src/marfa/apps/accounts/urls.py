from django.urls import path

from marfa.apps.accounts.views import factor_proof, security, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/passkey/", factor_proof.passkey, name="passkey"),
    path("sign-in/passkey/question/", factor_proof.passkey_options, name="passkey_options"),
    path("sign-in/second/", factor_proof.second, name="second"),
    path("sign-in/<str:secret>/", sign_in.use_link, name="link"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", sign_in.language, name="language"),
    path("my/proof/", factor_proof.step_up, name="step_up"),
    path("my/proof/passkey/", factor_proof.step_up_passkey, name="step_up_passkey"),
    path("my/proof/passkey/question/", factor_proof.step_up_options, name="step_up_options"),
    path("my/security/", security.security, name="security"),
    path("my/security/passkey/", security.add_passkey, name="add_passkey"),
    path("my/security/passkey/question/", security.add_passkey_options, name="add_options"),
    path(
        "my/security/passkey/<str:reference>/remove/",
        security.remove_passkey,
        name="remove_passkey",
    ),
    path("my/security/app/", security.add_app, name="add_app"),
    path("my/security/app/remove/", security.remove_app, name="remove_app"),
    path("my/security/recovery/", security.recovery, name="recovery"),
    path("my/security/password/", security.password, name="password"),
    path("my/security/password/remove/", security.remove_password, name="remove_password"),
    path("my/sessions/", security.my_sessions, name="sessions"),
    path("my/sessions/others/end/", security.end_others, name="end_others"),
    path("my/sessions/<str:reference>/end/", security.end_session, name="end_session"),
]

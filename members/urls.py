from django.urls import path

from members.views import arriving, boundaries, data, privacy, settings

urlpatterns = [
    path("join/<str:secret>/", arriving.invited, name="invited"),
    path("agree/", arriving.agree, name="agree"),
    path("waiting-to-join/", arriving.waiting, name="waiting_to_join"),
    path("accounts/second-step/", arriving.second_factor, name="second_factor"),
    path("accounts/email/agree/<str:key>/", arriving.agree_email, name="agree_email"),
    path("accounts/email/stop/", arriving.stop_email, name="stop_email"),
    path("accounts/sessions/<int:pk>/end/", arriving.end_session, name="end_session"),
    path("avatars/<int:seed>.svg", settings.avatar, name="avatar"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/pages/", settings.pages, name="settings_pages"),
    path("settings/agreed/", arriving.agreed, name="consents"),
    path("settings/people/", boundaries.people, name="settings_people"),
    path("settings/people/<uuid:public_id>/unblock/", boundaries.unblock, name="unblock"),
    path("settings/people/<uuid:public_id>/unmute/", boundaries.unmute, name="unmute"),
    path("settings/words/", boundaries.words, name="settings_words"),
    path("settings/words/<int:pk>/remove/", boundaries.remove_words, name="remove_words"),
    path("settings/data/", data.your_data, name="your_data"),
    path("settings/data/export/", data.ask_export, name="export_ask"),
    path("settings/data/export/<uuid:public_id>/", data.export_file, name="export_file"),
    path("settings/leaving/", data.leave, name="leaving"),
    path("settings/leaving/undo/", data.undo_leaving, name="leaving_undo"),
    path("stay/<str:token>/", data.stay, name="stay"),
    path("left/", data.left, name="left"),
]

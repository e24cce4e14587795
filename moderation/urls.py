from django.urls import path

from moderation import views

urlpatterns = [
    path("guidelines/", views.guidelines, name="guidelines"),
    path("report/<slug:kind>/<uuid:public_id>/", views.flag, name="flag"),
    path("reports/", views.my_reports, name="my_reports"),
    path("decisions/<uuid:public_id>/", views.decision, name="decision"),
    path("moderation/", views.queue, name="queue"),
    path("moderation/cases/<uuid:public_id>/", views.case, name="case"),
    path("moderation/cases/<uuid:public_id>/claim/", views.claim, name="claim"),
    path("moderation/cases/<uuid:public_id>/decide/", views.decide, name="decide"),
]

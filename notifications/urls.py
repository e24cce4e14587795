from django.urls import path

from notifications import views

urlpatterns = [
    path("updates/", views.notices, name="notices"),
    path("updates/read/", views.mark_all_read, name="mark_all_read"),
    path("updates/<uuid:public_id>/", views.notice, name="notice"),
]

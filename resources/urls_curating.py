from django.urls import path
from wagtail.admin.urls import urlpatterns as wagtail_patterns

from resources.views import vetting

urlpatterns = [
    path("retire/<int:pk>/", vetting.retire, name="retire_page"),
    path("recommend/<int:pk>/", vetting.recommend_again, name="recommend_page"),
    *wagtail_patterns,
]

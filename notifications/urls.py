from django.urls import path

from notifications.views import digests, notices, unsubscribing, wishes

urlpatterns = [
    path("updates/", notices.notices, name="notices"),
    path("updates/read/", notices.mark_all_read, name="mark_all_read"),
    path("updates/mark/", notices.mark, name="news_mark"),
    path("updates/digest/<uuid:public_id>/", digests.digest, name="digest"),
    path("updates/<uuid:public_id>/", notices.notice, name="notice"),
    path("updates/<uuid:public_id>/read/", notices.mark_read, name="mark_read"),
    path("news/", wishes.wishes, name="news_wishes"),
    path("news/usual/", wishes.usual, name="news_usual"),
    path("news/mail/", wishes.mail, name="news_mail"),
    path("news/away/", wishes.away, name="news_away"),
    path("news/address/", wishes.address, name="news_address"),
    path("news/digest/", wishes.digest, name="news_digest"),
    path("news/mails/", wishes.mails, name="news_mails"),
    path("news/off/<str:token>/", unsubscribing.off, name="news_off"),
]

from django.urls import path

from forums import views

urlpatterns = [
    path("boards/", views.boards, name="boards"),
    path("boards/<slug:slug>/", views.board, name="board"),
    path("boards/<slug:slug>/new/", views.new_thread, name="new_thread"),
    path("waiting/", views.waiting, name="waiting"),
    path("threads/<uuid:public_id>/reply/", views.reply, name="reply"),
    path("threads/<uuid:public_id>/unread/", views.first_unread, name="first_unread"),
    path("threads/<uuid:public_id>/<slug:slug>/", views.thread, name="thread"),
    path("posts/<uuid:public_id>/", views.post, name="post"),
    path("posts/<uuid:public_id>/react/", views.react, name="react"),
]

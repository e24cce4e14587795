from django.urls import path

from forums.views import boards, lists, posts, threads, writing

urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("boards/<slug:slug>/new/", writing.new_thread, name="new_thread"),
    path("waiting/", lists.waiting, name="waiting"),
    path("threads/<uuid:public_id>/reply/", writing.reply, name="reply"),
    path("threads/<uuid:public_id>/unread/", threads.first_unread, name="first_unread"),
    path("threads/<uuid:public_id>/<slug:slug>/", threads.thread, name="thread"),
    path("posts/<uuid:public_id>/", posts.post, name="post"),
    path("posts/<uuid:public_id>/react/", posts.react, name="react"),
]

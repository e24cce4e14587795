from django.urls import path, re_path
from wagtail import urls as wagtail_urls

from core.urls_on_demand import OnDemand
from resources import curating
from resources.views import (
    answering,
    asking,
    asking_desk,
    help_now,
    library,
    media,
    professionals,
    reading,
    remarks,
    vetting,
)

urlpatterns = [
    path("help-now/", help_now.help_now, name="help_now"),
    path("leave/", help_now.leave, name="leave"),
    path("media/<str:folder>/<str:name>", media.media, name="media"),
    path("resources/", library.library, name="library"),
    path("resources/<slug:slug>/plain/", library.plain, name="article_plain"),
    path("resources/<slug:slug>/save/", reading.save, name="article_save"),
    path("resources/<slug:slug>/helped/", reading.opinion, name="article_opinion"),
    path("resources/<slug:slug>/correction/", reading.correction, name="article_correction"),
    path("saved/", reading.saved, name="saved"),
    path("saved/copy/", reading.copy, name="saved_copy"),
    path("saved/<int:page_id>/forget/", reading.forget, name="forget_saved"),
    path("remarks/", remarks.remarks, name="remarks"),
    path("remarks/<uuid:public_id>/", remarks.read, name="remark_read"),
    path("resources/how-we-check/", vetting.how_we_check, name="how_we_check"),
    path("questions/", asking.questions, name="questions"),
    path("questions/ask/", asking.ask, name="ask_question"),
    path("questions/mine/", asking.my_questions, name="my_questions"),
    path("questions/draft/delete/", asking.delete_draft, name="delete_question_draft"),
    path("questions/desk/", asking_desk.questions_desk, name="questions_desk"),
    path("questions/desk/answers/", asking_desk.answers_desk, name="answers_desk"),
    path("questions/desk/waiting/", asking_desk.waiting_desk, name="waiting_desk"),
    path("questions/answering/", answering.waiting, name="answering"),
    path("questions/<uuid:public_id>/", asking.question, name="question"),
    path("questions/<uuid:public_id>/withdraw/", asking.withdraw, name="withdraw_question"),
    path("questions/<uuid:public_id>/author/", asking.who, name="question_author"),
    path("questions/<uuid:public_id>/decide/", asking_desk.decide, name="decide_question"),
    path("questions/<uuid:public_id>/answer/", answering.answer, name="answer_question"),
    path("answers/<uuid:public_id>/review/", asking_desk.review, name="review_answer"),
    path("answers/<uuid:public_id>/withdraw/", answering.withdraw, name="withdraw_answer"),
    path("manage/professionals/", professionals.professional_list, name="manage_professionals"),
    path("manage/professionals/new/", professionals.new_professional, name="manage_professional_new"),
    path("manage/professionals/<uuid:public_id>/", professionals.professional, name="manage_professional"),
    OnDemand("curate/", curating.URLS),
    # Of Wagtail's own addresses only the one that serves pages: its sign-in form would pass two-step sign-in by.
    re_path(rf"^resources/{wagtail_urls.serve_pattern.removeprefix('^')}", library.article, name="wagtail_serve"),
]

import datetime as dt

import pytest
from django.urls import reverse

from forums.models import Post
from moderation.models import AuditEntry, Case, Flag
from moderation.services import cases
from tests import factories
from tests.at_once import at_once
from tests.pages import value_of, words

# What is at stake decides the class, and the class the clock.
CLASSES = {
    "worried": (1, dt.timedelta(minutes=15)),
    "danger": (2, dt.timedelta(hours=1)),
    "methods": (2, dt.timedelta(hours=1)),
    "abuse": (3, dt.timedelta(hours=4)),
    "privacy": (3, dt.timedelta(hours=4)),
    "grooming": (3, dt.timedelta(hours=4)),
    "advice": (4, dt.timedelta(hours=24)),
    "hopelessness": (4, dt.timedelta(hours=24)),
    "spam": (4, dt.timedelta(hours=24)),
    "other": (4, dt.timedelta(hours=24)),
}


def test_every_reason_has_a_class():
    assert set(CLASSES) == set(Flag.Reason.values)


@pytest.mark.parametrize("reason", CLASSES)
def test_a_report_opens_a_case_with_the_class_and_the_clock_of_its_reason(report, member, scene, reason):
    before = factories.now()
    assert report(member, scene.reply, reason).status_code == 302
    case = Case.objects.get()
    priority, clock = CLASSES[reason]
    assert case.priority == priority
    assert before + clock <= case.due_at <= factories.now() + clock
    assert case.author == scene.reply.author


def test_a_report_is_thanked_for_and_leads_back(report, sign_in, member, scene):
    browser = sign_in(member)
    address = reverse("flag", args=["post", scene.reply.public_id])
    page = browser.post(address, {"reason": "spam"}, follow=True)
    assert page.redirect_chain[-1][0] == f"{scene.thread.get_absolute_url()}#post-2"
    assert "Thank you. A moderator will look at it" in words(page)


def test_a_report_without_a_reason_keeps_the_note(report, member, scene):
    page = report(member, scene.reply, reason="", note="It sounds like an advert.")
    assert page.status_code == 422
    assert "Choose what comes closest." in page.text
    assert value_of(page, "note") == "It sounds like an advert."
    assert not Case.objects.exists()


def test_the_same_person_reports_the_same_words_once(report, sign_in, member, scene):
    report(member, scene.reply, "spam")
    page = sign_in(member).post(
        reverse("flag", args=["post", scene.reply.public_id]), {"reason": "worried"}, follow=True
    )
    assert "You have reported this already." in words(page)
    assert Flag.objects.get().reason == "spam"
    assert Case.objects.get().priority == 4


def test_a_second_person_joins_the_case(report, member, newcomer, scene):
    report(member, scene.reply, "abuse", "Unkind.")
    report(newcomer, scene.reply, "abuse")
    assert Case.objects.get().flags.count() == 2


def test_a_graver_reason_raises_the_case_and_shortens_its_clock(report, member, newcomer, scene):
    report(member, scene.reply, "spam")
    slow = Case.objects.get()
    report(newcomer, scene.reply, "danger")
    fast = Case.objects.get()
    assert (fast.priority, fast.version) == (2, slow.version + 1)
    assert fast.due_at < slow.due_at - dt.timedelta(hours=22)


def test_a_milder_reason_leaves_class_and_clock_alone(report, member, newcomer, scene):
    report(member, scene.reply, "danger")
    before = Case.objects.get()
    report(newcomer, scene.reply, "spam")
    assert (Case.objects.get().priority, Case.objects.get().due_at) == (before.priority, before.due_at)


def test_a_graver_reason_never_lengthens_a_clock_that_has_nearly_run_out(report, member, newcomer, scene):
    report(member, scene.reply, "spam")
    soon = factories.now() + dt.timedelta(minutes=5)
    Case.objects.update(due_at=soon)
    report(newcomer, scene.reply, "worried")
    assert Case.objects.get().due_at == soon


def test_each_report_keeps_the_text_as_it_was(report, member, newcomer, scene):
    report(member, scene.reply)
    Post.objects.filter(pk=scene.reply.pk).update(body="All friendly now.")
    report(newcomer, scene.reply)
    assert [flag.snapshot for flag in Flag.objects.order_by("id")] == ["I know that kind of week.", "All friendly now."]


def test_a_report_of_an_opening_post_keeps_the_title_too(report, other_member, scene):
    report(other_member, scene.opening)
    assert Flag.objects.get().snapshot == f"{scene.thread.title}\n\nIt has been a long week."


def test_words_reported_after_a_decision_open_a_new_case(report, decide, moderator, member, newcomer, scene):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve")
    report(newcomer, scene.reply)
    report(member, scene.reply)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["decided", "open"]
    assert Case.objects.get(state="open").flags.count() == 2


@pytest.mark.parametrize("kind", ["post", "thread", "member", "Post"])
def test_only_what_is_registered_and_there_can_be_reported(sign_in, member, scene, kind):
    address = reverse("flag", args=[kind, scene.thread.public_id])
    assert sign_in(member).get(address).status_code == 404
    assert sign_in(member).post(address, {"reason": "spam"}).status_code == 404


def test_held_words_cannot_be_reported_by_who_does_not_see_them(report, member, scene):
    held = factories.PostFactory(thread=scene.thread, visibility="held")
    assert report(member, held).status_code == 404


def test_every_report_is_in_the_log(report, member, scene):
    report(member, scene.reply, "spam")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject_kind, entry.subject_id) == (member, "flag", "post", scene.reply.pk)


def test_a_reporter_follows_what_came_of_it_and_never_sees_the_others(
    report, sign_in, decide, member, newcomer, moderator
):
    posts = factories.PostFactory.create_batch(3)
    for post in posts:
        report(member, post)
    report(newcomer, posts[0], note="Seedling says so too.")
    decide(moderator, Case.objects.get(subject_id=posts[0].pk))
    decide(moderator, Case.objects.get(subject_id=posts[1].pk), action="approve")
    page = words(sign_in(member).get(reverse("my_reports")))
    assert page.count("A moderator looked at it and acted.") == 1
    assert page.count("A moderator looked at it and left it as it is.") == 1
    assert page.count("A moderator will look at it.") == 1
    for hidden in ("seedling", "Seedling says so", "keeper", "Second time this week.", "pull themselves together"):
        assert hidden not in page


def test_the_list_of_reports_costs_the_same_whatever_its_length(report, sign_in, member, django_assert_num_queries):
    browser = sign_in(member)
    for post in factories.PostFactory.create_batch(4):
        report(member, post)
        with django_assert_num_queries(5):  # session, member, news; reports with their cases, decisions
            browser.get(reverse("my_reports"))


def test_people_who_report_at_the_same_instant_meet_in_one_case(shared_database):
    post = factories.PostFactory()
    reporters = factories.MemberFactory.create_batch(4)
    at_once(
        *[
            lambda who=who: cases.flag(reporter=who, subject=post, reason=Flag.Reason.ABUSE, note="")
            for who in reporters
        ]
    )
    assert Case.objects.get().flags.count() == 4

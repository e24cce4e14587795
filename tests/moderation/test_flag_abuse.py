"""Reports that are made to hurt, and members whom many block (T8)."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from forums.models import Post
from moderation.models import AuditEntry, Case, Flag, Sanction, Shift
from moderation.services import reports
from moderation.services.members import look_into
from tests import factories
from tests.at_once import at_once
from tests.pages import post as post_on
from tests.pages import soup, words

ABUSE, WORRIED, SPAM = Flag.Reason.ABUSE, Flag.Reason.WORRIED, Flag.Reason.SPAM


def judged_flags(member, *, fair, dismissed, reason=ABUSE):
    for judged in ["fair"] * fair + ["dismissed"] * dismissed:
        made = factories.flag(factories.PostFactory(), reporter=member, reason=reason)
        Flag.objects.filter(pk=made.pk).update(judged=judged)


def weight_of_next(member):
    return factories.flag(factories.PostFactory(), reporter=member).weight


# --- weights


def test_a_member_weighs_fully_and_somebody_new_half(member, newcomer):
    assert weight_of_next(member) == 1
    assert weight_of_next(newcomer) == 0.5


@pytest.mark.parametrize(
    ("fair", "dismissed", "weight"), [(0, 4, 1), (5, 0, 1), (4, 1, 0.8), (1, 4, 0.2), (0, 5, 0.1), (0, 9, 0.1)]
)
def test_from_the_fifth_judged_report_on_the_weight_is_how_often_they_were_right(member, fair, dismissed, weight):
    judged_flags(member, fair=fair, dismissed=dismissed)
    assert weight_of_next(member) == pytest.approx(weight)


def test_a_worry_that_came_to_nothing_is_held_against_nobody(member, moderator):
    for _time in range(6):
        case = factories.flag(factories.PostFactory(), reporter=member, reason=WORRIED).case
        factories.decided(case, by=moderator, rule=factories.RuleFactory(), action="approve")
    assert not Flag.objects.filter(reporter=member, judged="dismissed").exists()
    assert weight_of_next(member) == 1


def test_whoever_is_restricted_now_weighs_no_more_than_somebody_new(silenced):
    assert weight_of_next(silenced) == 0.5


# --- reporting taken away


@pytest.fixture
def muffled(db):
    member = factories.MemberFactory(username="gossip")
    factories.SanctionFactory(member=member, kind=Sanction.Kind.NO_FLAGS)
    return member


def test_whoever_may_not_report_is_told_until_when_and_what_stays(sign_in, muffled, scene):
    page = sign_in(muffled).get(reverse("flag", args=["post", scene.reply.public_id]))
    assert "Reporting was taken away from you until" in words(page)
    assert [choice["value"] for choice in soup(page).select("[name=reason]")] == ["worried"]
    assert soup(page).find("a", href=reverse("report_outside"))
    assert soup(page).find("a", href=reverse("help_now"))


def test_a_form_that_was_open_before_keeps_its_words(report, muffled, scene):
    page = report(muffled, scene.reply, "abuse", "Look at this.")
    assert page.status_code == 409
    assert "Look at this." in words(page)
    assert not Flag.objects.exists()


def test_a_worry_is_always_heard(report, muffled, scene):
    assert report(muffled, scene.reply, "worried").status_code == 302
    assert Case.objects.get().priority == 1


def test_it_ends_by_itself(report, muffled, scene):
    Sanction.objects.update(ends_at=factories.now() - dt.timedelta(seconds=1))
    assert report(muffled, scene.reply).status_code == 302


# --- folding out of hours


def on_shift(moderator, **more):
    return Shift.objects.create(moderator=moderator, **more)


def three_flags(post, reason=ABUSE):
    for _number in range(3):
        factories.flag(post, reason=reason)
    post.refresh_from_db()
    return post


def test_out_of_hours_three_members_fold_a_post_until_somebody_looks(sign_in, member, scene):
    three_flags(scene.reply)
    page = sign_in(member).get(scene.thread.get_absolute_url())
    assert "A moderator looks at this post." in words(page)
    assert scene.reply.body not in words(page)
    assert Case.objects.get().folded_at
    assert AuditEntry.objects.filter(verb="fold", subject_id=scene.reply.pk).exists()


def test_two_are_not_enough(scene):
    factories.flag(scene.reply)
    factories.flag(scene.reply)
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "visible"


def test_its_author_reads_it_still_and_that_nothing_was_decided(sign_in, other_member, scene):
    three_flags(scene.reply)
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    own = post_on(page, 2).get_text(" ")
    assert scene.reply.body in own
    assert "Nothing was decided." in own
    assert not other_member.notices.exists()


def test_a_moderator_reads_it_still(sign_in, moderator, scene):
    three_flags(scene.reply)
    assert scene.reply.body in words(sign_in(moderator).get(scene.thread.get_absolute_url()))


def test_readers_find_it_neither_in_its_history_nor_by_its_own_address(sign_in, member, scene):
    three_flags(scene.reply)
    browser = sign_in(member)
    assert browser.get(reverse("post_history", args=[scene.reply.public_id])).status_code == 404
    page = browser.get(reverse("post", args=[scene.reply.public_id]), follow=True)
    assert scene.reply.body not in words(page)


def test_while_somebody_is_on_shift_nothing_folds(moderator, scene):
    shift = on_shift(moderator)
    assert three_flags(scene.reply).visibility == "visible"
    Shift.objects.filter(pk=shift.pk).update(paused_at=factories.now())
    factories.flag(scene.reply)
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "folded"


def test_a_shift_that_is_over_does_not_count(moderator, scene):
    on_shift(moderator, ended_at=factories.now())
    assert three_flags(scene.reply).visibility == "folded"


def test_worries_fold_nobody(scene):
    assert three_flags(scene.reply, WORRIED).visibility == "visible"


def test_people_without_an_account_fold_nothing(scene):
    for number in range(4):
        reports.report_from_outside(
            subject=scene.reply, address="/x", reason=ABUSE, why=f"Reason {number}", email=f"{number}@example.net"
        )
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "visible"


@pytest.mark.parametrize(("action", "visibility"), [("approve", "visible"), ("hide", "hidden")])
def test_the_decision_shows_or_hides_what_was_folded(moderator, rule, scene, action, visibility):
    three_flags(scene.reply)
    factories.decided(Case.objects.get(), by=moderator, rule=rule, action=action)
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == visibility


def test_shown_again_it_is_not_news_and_the_same_words_do_not_fold_again(worker, moderator, rule, scene):
    before = scene.thread.last_post_at
    three_flags(scene.reply)
    with worker():
        factories.decided(Case.objects.get(), by=moderator, rule=rule, action="approve")
    assert three_flags(scene.reply).visibility == "visible"
    scene.thread.refresh_from_db()
    assert scene.thread.last_post_at == before


def test_a_folded_reply_does_not_count_as_an_answer_until_it_is_shown(moderator, rule, scene):
    three_flags(scene.reply)
    scene.thread.refresh_from_db()
    assert scene.thread.answered_at is None
    factories.decided(Case.objects.get(), by=moderator, rule=rule, action="approve")
    scene.thread.refresh_from_db()
    assert scene.thread.answered_at is not None


def test_an_answered_thread_stays_when_its_opening_folds(sign_in, newcomer, scene):
    three_flags(scene.opening)
    page = sign_in(newcomer).get(scene.thread.get_absolute_url())
    assert page.status_code == 200
    assert scene.opening.body not in words(page)
    assert scene.reply.body in words(page)


def test_a_thread_that_nobody_answered_waits_with_its_opening(sign_in, moderator, rule, newcomer, member):
    thread = factories.ThreadFactory(author=member)
    three_flags(thread.posts.get())
    assert sign_in(newcomer).get(thread.get_absolute_url()).status_code == 404
    assert sign_in(member).get(thread.get_absolute_url()).status_code == 200
    factories.decided(Case.objects.get(), by=moderator, rule=rule, action="approve")
    assert sign_in(newcomer).get(thread.get_absolute_url()).status_code == 200


def test_taking_it_back_and_putting_it_back_does_not_unfold_it(sign_in, other_member, member, scene):
    three_flags(scene.reply)
    author = sign_in(other_member)
    author.post(reverse("post_withdraw", args=[scene.reply.public_id]))
    author.post(reverse("post_put_back", args=[scene.reply.public_id]))
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "held"
    assert scene.reply.body not in words(sign_in(member).get(scene.thread.get_absolute_url()))


def test_its_author_can_still_change_it_and_others_do_not_read_that_either(sign_in, other_member, member, scene):
    three_flags(scene.reply)
    page = sign_in(other_member).get(reverse("post_edit", args=[scene.reply.public_id]))
    assert page.status_code == 200
    form = {"body": "Softer words.", "version": "1"}
    sign_in(other_member).post(reverse("post_edit", args=[scene.reply.public_id]), form)
    scene.reply.refresh_from_db()
    assert (scene.reply.body, scene.reply.visibility) == ("Softer words.", "folded")
    assert "Softer words." not in words(sign_in(member).get(scene.thread.get_absolute_url()))


# --- a crowd


def test_fifty_new_accounts_make_one_case_and_fold_nothing(scene, moderator, django_assert_max_num_queries):
    crowd = factories.MemberFactory.create_batch(50, joined_at=factories.now())
    quiet = factories.flag(factories.PostFactory(), reason=ABUSE).case
    factories.flag(scene.reply, reporter=crowd[0])
    first = Case.objects.get(subject_id=scene.reply.pk)
    for account in crowd[1:]:
        with django_assert_max_num_queries(20):
            reports.flag(reporter=account, subject=Post.objects.get(pk=scene.reply.pk), reason=ABUSE)
    case = Case.objects.get(subject_id=scene.reply.pk)
    assert (case.flags.count(), case.priority, case.due_at) == (50, first.priority, first.due_at)
    assert case.due_at > quiet.due_at
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "visible"


def test_a_crowd_does_not_keep_a_moderator_from_deciding(moderator, rule, scene):
    for _number in range(4):
        factories.flag(scene.reply, reporter=factories.MemberFactory(joined_at=factories.now()))
    case = factories.claimed(Case.objects.get(), by=moderator)
    case.refresh_from_db()
    before = case.version
    for _number in range(5):
        factories.flag(scene.reply, reporter=factories.MemberFactory(joined_at=factories.now()))
    case.refresh_from_db()
    assert case.version == before
    factories.flag(scene.reply, reporter=factories.MemberFactory(), reason=Flag.Reason.DANGER)
    case.refresh_from_db()
    assert case.version == before + 1


def test_how_many_report_something_does_not_move_it_up(sign_in, moderator, scene):
    lonely = factories.ThreadFactory(title="Reported once").posts.get()
    factories.flag(lonely, reason=WORRIED)
    for _number in range(5):
        factories.flag(scene.reply, reason=SPAM)
    page = words(sign_in(moderator).get(reverse("queue")))
    assert page.index("Reported once") < page.index(scene.thread.title)


# --- whom many block

BLOCKED = reverse("much_blocked")


def blocked_by(number, *, days_ago=1, **who):
    person = factories.MemberFactory(**who)
    when = factories.now() - dt.timedelta(days=days_ago)
    factories.BlockFactory.create_batch(number, blocked=person, created_at=when)
    return person


def test_moderators_see_whom_several_members_blocked_lately_in_words(sign_in, moderator):
    blocked_by(3, username="bramble")
    blocked_by(12, username="nettle")
    blocked_by(2, username="clover")
    blocked_by(9, username="oldnews", days_ago=120)
    page = words(sign_in(moderator).get(BLOCKED))
    assert page.index("nettle") < page.index("bramble")
    assert "Many members have blocked them lately." in page
    assert "A few members have blocked them lately." in page
    assert "clover" not in page
    assert "oldnews" not in page


def test_who_blocked_whom_is_in_nobodys_sight(sign_in, moderator):
    person = blocked_by(3)
    names = person.blocks_met.values_list("blocker__username", flat=True)
    page = words(sign_in(moderator).get(BLOCKED))
    assert not [name for name in names if name in page.split()]


def test_nobody_reads_about_themselves(sign_in, moderator, other_moderator):
    factories.BlockFactory.create_batch(5, blocked=moderator)
    assert "Nobody at the moment" in words(sign_in(moderator).get(BLOCKED))
    assert sign_in(moderator).post(reverse("look_into", args=[moderator.public_id])).status_code == 404
    assert "keeper" in words(sign_in(other_moderator).get(BLOCKED))


def test_each_look_goes_to_the_log(sign_in, moderator):
    person = blocked_by(3)
    sign_in(moderator).get(BLOCKED)
    entry = AuditEntry.objects.get(verb="see-blocked")
    assert (entry.actor, entry.details) == (moderator, {"members": [str(person.public_id)]})


@pytest.mark.parametrize("who", ["member", "silenced", "curator"])
def test_nobody_else_is_told_that_there_is_such_a_page(request, sign_in, who):
    browser = sign_in(request.getfixturevalue(who))
    person = blocked_by(3)
    assert browser.get(BLOCKED).status_code == 404
    assert browser.post(reverse("look_into", args=[person.public_id])).status_code == 404
    assert not Case.objects.exists()


def test_a_moderator_looks_into_it_once(sign_in, moderator):
    person = blocked_by(3, username="bramble")
    browser = sign_in(moderator)
    page = browser.post(reverse("look_into", args=[person.public_id]), follow=True)
    assert page.status_code == 200
    case = Case.objects.get()
    assert (case.subject_kind, case.subject_id, case.source, case.priority) == ("profile", person.pk, "moderator", 3)
    assert "several members have blocked" in case.notes.get().text
    browser.post(reverse("look_into", args=[person.public_id]))
    assert Case.objects.count() == 1
    assert "Open the case" in words(browser.get(BLOCKED))


def test_two_who_look_into_somebody_at_once_open_one_case_with_one_note(shared_database):
    person = blocked_by(3)
    moderators = factories.MemberFactory.create_batch(3, is_moderator=True)
    opened = at_once(*[partial(look_into, actor=each, member=person) for each in moderators])
    assert len({case.pk for case in opened}) == 1
    assert Case.objects.get().notes.count() == 1
    assert AuditEntry.objects.filter(verb="look-into").count() == 1


def test_somebody_whom_few_have_blocked_is_not_looked_into_this_way(sign_in, moderator, other_member):
    factories.BlockFactory(blocked=other_member)
    assert sign_in(moderator).post(reverse("look_into", args=[other_member.public_id])).status_code == 404


def test_the_page_costs_the_same_whoever_is_on_it(sign_in, moderator, django_assert_num_queries):
    browser = sign_in(moderator)
    blocked_by(3)
    # who it is; blocks, members, cases; the log in its transaction
    with django_assert_num_queries(7):
        browser.get(BLOCKED)
    for _number in range(4):
        blocked_by(3)
    with django_assert_num_queries(7):
        browser.get(BLOCKED)

"""How reporters are called: by the name that they have where the thing stands."""

import pytest
from django.urls import reverse

from forums.disguise import name_for
from forums.models import Post
from moderation.models import AuditEntry, Flag
from moderation.services import reports
from tests import factories
from tests.pages import words


@pytest.fixture
def thread(member):
    """One of alder's, who is called otherwise in it."""
    return factories.ThreadFactory(author=member, disguise=7)


@pytest.fixture
def reply(thread):
    return factories.PostFactory(thread=thread)


def test_whoever_wrote_an_anonymous_thread_reports_a_reply_in_it_by_the_name_they_have_there(
    sign_in, moderator, member, reply
):
    # Their other reports were right, which says something about them.
    for other in factories.PostFactory.create_batch(5):
        Flag.objects.filter(pk=factories.flag(other, reporter=member).pk).update(judged=Flag.Judged.FAIR)
    flag = factories.flag(reply, reporter=member)
    page = words(sign_in(moderator).get(reverse("case", args=[flag.case.public_id])))
    assert member.username not in page
    assert name_for(7) in page
    assert "What they report" not in page


def test_the_log_has_that_name_too_and_is_not_searched_by_the_other_one(sign_in, admin, member, reply):
    flag = factories.flag(reply, reporter=member)
    Post.objects.filter(pk=reply.pk).update(body="Something else, and worse.")
    reports.flag(reporter=member, subject=Post.objects.get(pk=reply.pk), reason=Flag.Reason.ABUSE, note="Look again.")
    assert {entry.actor for entry in AuditEntry.objects.filter(verb="flag")} == {None}
    browser, log = sign_in(admin), reverse("log")
    page = words(browser.get(log, {"verb": "flag", "case": flag.case_id}))
    assert f"{name_for(7)} (the name they have there)" in page
    assert member.username not in page
    assert "Nothing like that" in words(browser.get(log, {"verb": "flag", "actor": member.username}))


def test_others_in_that_thread_report_by_their_own_name(sign_in, moderator, other_member, reply):
    flag = factories.flag(reply, reporter=other_member)
    page = words(sign_in(moderator).get(reverse("case", args=[flag.case.public_id])))
    assert other_member.username in page
    assert AuditEntry.objects.get(verb="flag").actor == other_member


def test_where_a_thing_is_gone_nobody_can_tell_who_had_another_name_so_nobody_is_named(
    sign_in, moderator, member, reply
):
    flag = factories.flag(reply, reporter=member)
    type(flag.case).objects.update(subject_id=0)
    page = words(sign_in(moderator).get(reverse("case", args=[flag.case.public_id])))
    assert member.username not in page
    assert "Abuse or harassment a member" in page

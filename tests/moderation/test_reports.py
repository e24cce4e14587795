import datetime as dt

import pytest
from django.urls import reverse

from forums.models import Post
from forums.services import withdrawing
from members.models import Member
from moderation.models import Appeal, AuditEntry, Case, Decision, Flag
from moderation.services import appeals, crisis, messages, reports
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

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
    assert report(member, scene.reply, reason, note="Please look.").status_code == 302
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
    report(member, scene.reply, "worried", "They sound low.")
    before = Case.objects.get()
    for reason in ("worried", "spam"):
        page = sign_in(member).post(
            reverse("flag", args=["post", scene.reply.public_id]), {"reason": reason}, follow=True
        )
        assert "You have reported this already." in words(page)
    assert (Flag.objects.get().reason, Flag.objects.get().note) == ("worried", "They sound low.")
    assert Case.objects.get().version == before.version


@pytest.mark.parametrize(("reason", "priority", "minutes"), [("worried", 1, 15), ("methods", 2, 60), ("abuse", 3, 240)])
def test_who_says_something_graver_of_the_same_words_is_heard(
    report, member, moderator, scene, reason, priority, minutes
):
    report(member, scene.reply, "spam", "It sells something.")
    case = factories.claimed(Case.objects.get(), by=moderator)
    Case.objects.update(alerted_at=factories.now())
    answer = report(member, scene.reply, reason, "I read it again.")
    assert ("/worried/" in answer.headers["Location"]) is (reason == "worried")
    after, said = Case.objects.get(), Flag.objects.get()
    assert (after.priority, after.alerted_at) == (priority, None)
    assert abs(after.due_at - factories.now() - dt.timedelta(minutes=minutes)) < dt.timedelta(minutes=1)
    # Whoever is about to decide looks again.
    assert after.version > case.version
    assert (said.reason, said.note) == (reason, "Spam or promotion:\n\nIt sells something.\n\nI read it again.")
    # The form sent twice.
    report(member, scene.reply, reason, "I read it again.")
    assert Flag.objects.get().note == said.note
    assert Case.objects.get().version == after.version


def test_a_form_sent_twice_at_the_same_instant_says_it_once(shared_database):
    post, who = factories.PostFactory(), factories.MemberFactory()
    factories.flag(post, reporter=who, reason=Flag.Reason.SPAM)

    def worry():
        try:
            reports.flag(reporter=who, subject=post, reason=Flag.Reason.WORRIED, note="They sound low.")
        except reports.AlreadyFlaggedError:
            return "already"
        return "heard"

    assert sorted(at_once(*[worry] * 3)) == ["already", "already", "heard"]
    assert Flag.objects.get().note.count("They sound low.") == 1


def test_who_reports_again_while_a_follow_up_waits_is_heard(report, member, moderator, scene):
    report(member, scene.reply, "worried", "They sound low.")
    case = factories.claimed(Case.objects.get(), by=moderator)
    crisis.start(moderator=moderator, case=case, version=case.version)
    messages.send(moderator=moderator, case=case, version=case.version, text="Are you safe?")
    before = Case.objects.get()
    assert before.quiet_until
    report(member, scene.reply, "worried", "Now they say goodbye.")
    after, said = Case.objects.get(), Flag.objects.get()
    assert said.note == "They sound low.\n\nNow they say goodbye."
    assert after.quiet_until is None
    assert after.version > before.version
    # Sent once more it is one report; other words are heard, because somebody is being looked after.
    report(member, scene.reply, "worried", "Now they say goodbye.")
    assert Flag.objects.get().note == said.note
    report(member, scene.reply, "worried", "They do not answer.")
    assert Flag.objects.get().note == f"{said.note}\n\nThey do not answer."


def test_who_reports_other_words_again_is_heard(report, member, scene):
    report(member, scene.reply, "spam")
    Post.objects.filter(pk=scene.reply.pk).update(body="I am going to hurt you.")
    report(member, scene.reply, "abuse", "Look at it now.")
    said = Flag.objects.get()
    assert (said.reason, said.snapshot) == ("abuse", "I am going to hurt you.")
    assert "Look at it now." in said.note
    assert Case.objects.get().priority == 3


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


def test_words_that_a_moderator_left_as_they_are_are_no_new_case(report, decide, moderator, member, newcomer, scene):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve")
    report(newcomer, scene.reply, "spam")
    case = Case.objects.get()
    assert (case.state, case.flags.count()) == ("decided", 2)


def test_whoever_reports_them_is_told_that_exactly_these_words_were_looked_at(
    sign_in, report, decide, moderator, member, newcomer, scene
):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve")
    for _time in range(2):
        page = sign_in(newcomer).post(
            reverse("flag", args=["post", scene.reply.public_id]), {"reason": "abuse"}, follow=True
        )
        assert "A moderator has looked at exactly these words and left them as they are." in words(page)
    assert "left it as it is" in words(sign_in(newcomer).get(reverse("my_reports")))


def test_words_that_were_edited_since_are_a_new_case(report, decide, moderator, member, newcomer, scene):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve")
    Post.objects.filter(pk=scene.reply.pk).update(body="Something else entirely.")
    report(newcomer, scene.reply)
    report(member, scene.reply)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["decided", "open"]
    assert Case.objects.get(state="open").flags.count() == 2


def test_a_worry_about_words_that_were_looked_at_for_something_else_is_a_new_case(
    report, decide, moderator, member, newcomer, other_moderator, scene
):
    report(member, scene.reply, "spam")
    decide(moderator, Case.objects.get(), action="approve")
    report(newcomer, scene.reply, "worried")
    worry = Case.objects.get(state="open")
    assert worry.priority == 1
    decide(moderator, worry, action="approve")
    report(other_moderator, scene.reply, "worried")
    assert not Case.objects.filter(state="open").exists()


def test_words_that_were_hidden_and_shown_again_are_a_new_case(report, decide, moderator, member, newcomer, scene):
    report(member, scene.reply)
    decide(moderator, Case.objects.get())
    Post.objects.filter(pk=scene.reply.pk).update(visibility="visible")
    report(newcomer, scene.reply)
    assert Case.objects.filter(state="open").exists()


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
        with django_assert_num_queries(3):  # who it is; reports with their cases, decisions
            browser.get(reverse("my_reports"))


def test_people_who_report_at_the_same_instant_meet_in_one_case(shared_database):
    post = factories.PostFactory()
    reporters = factories.MemberFactory.create_batch(4)
    at_once(
        *[
            lambda who=who: reports.flag(reporter=who, subject=post, reason=Flag.Reason.ABUSE, note="")
            for who in reporters
        ]
    )
    assert Case.objects.get().flags.count() == 4


# --- what can be reported, and what it is called


def test_each_reason_has_a_line_of_help(sign_in, member, scene):
    page = sign_in(member).get(reverse("flag", args=["post", scene.reply.public_id]))
    assert [line.get_text() for line in soup(page).select(".choice-help") if not line.get_text().strip()] == []
    assert len(soup(page).select(".choice-help")) == len(CLASSES)
    assert "Get help now" in words(page)


def test_something_else_needs_a_word(report, member, scene):
    page = report(member, scene.reply, "other")
    assert page.status_code == 422
    assert "Say in a few words what it is" in words(page)
    assert value_of(page, "reason") == ["other"]
    assert not Flag.objects.exists()


def test_whoever_is_worried_reads_what_happens_now(sign_in, member, scene):
    address = reverse("flag", args=["post", scene.reply.public_id])
    page = sign_in(member).post(address, {"reason": "worried"}, follow=True)
    assert "What happens now" in words(page)
    assert page.context["back"] == reverse("post", args=[scene.reply.public_id])
    assert soup(page).find("a", href=reverse("help_now"))


def test_a_thread_is_reported_by_its_opening_post(sign_in, other_member, scene):
    browser = sign_in(other_member)
    link = soup(browser.get(scene.thread.get_absolute_url())).find("a", string="Report this thread", class_="btn")
    page = browser.get(link["href"], follow=True)
    assert soup(page).find("h1").get_text() == "Report this thread"
    assert "This is about the thread and its first post." in words(page)
    browser.post(page.redirect_chain[-1][0], {"reason": "spam"})
    assert Case.objects.get().subject_id == scene.opening.pk


def test_a_thread_whose_opening_stands_elsewhere_says_what_could_be_reported_instead(sign_in, other_member, scene):
    Post.objects.filter(pk=scene.opening.pk).update(visibility="moved", moved_to=factories.PostFactory())
    page = sign_in(other_member).get(reverse("report_thread", args=[scene.thread.public_id]), follow=True)
    assert "You could report a reply." in words(page)


def test_a_thread_whose_author_took_the_first_post_back_is_reported_all_the_same(
    sign_in, member, newcomer, moderator, scene
):
    withdrawing.withdraw(author=member, post=scene.opening)
    scene.thread.refresh_from_db()
    browser = sign_in(newcomer)
    link = soup(browser.get(scene.thread.get_absolute_url())).find("a", string="Report this thread", class_="btn")
    page = browser.get(link["href"], follow=True)
    assert soup(page).find("h1").get_text() == "Report this thread"
    assert "Moderators can still read what it said." in words(page)
    assert scene.opening.body not in page.text
    answer = browser.post(page.redirect_chain[-1][0], {"reason": "worried", "note": "It was a goodbye."}, follow=True)
    assert "What happens now" in words(answer)
    case = Case.objects.get()
    assert (case.subject_id, case.priority, case.author) == (scene.opening.pk, 1, member)
    seen = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert scene.opening.body in words(seen)
    # Nobody else learns of it, and neither do the reporter's own pages show what was taken back.
    assert scene.opening.body not in browser.get(reverse("my_reports")).text


def test_when_its_words_are_erased_the_reporters_have_to_do(sign_in, member, newcomer, scene):
    withdrawing.withdraw(author=member, post=scene.opening)
    withdrawing.erase_withdrawn(before=factories.now())
    page = sign_in(newcomer).get(reverse("report_thread", args=[scene.thread.public_id]), follow=True)
    assert "Say in your words what it was about." in words(page)


def test_a_thread_that_is_folded_can_still_be_reported(sign_in, newcomer, scene):
    Post.objects.filter(pk=scene.opening.pk).update(visibility="folded")
    page = sign_in(newcomer).get(reverse("report_thread", args=[scene.thread.public_id]), follow=True)
    assert soup(page).find("h1").get_text() == "Report this thread"


def test_a_thread_that_is_out_of_sight_is_reported_by_nobody(sign_in, member, newcomer, other_member):
    thread = factories.ThreadFactory(author=other_member)
    withdrawing.withdraw(author=other_member, post=thread.posts.get())
    for who in (member, newcomer, other_member):
        address = reverse("flag", args=["post", thread.posts.get().public_id])
        assert sign_in(who).get(address).status_code == 404
    assert sign_in(newcomer).get(reverse("report_thread", args=[thread.public_id])).status_code == 404


def test_nobody_reports_their_own_thread(sign_in, member, scene):
    page = sign_in(member).get(scene.thread.get_absolute_url())
    assert "Report this thread" not in words(page)
    assert sign_in(member).get(reverse("flag", args=["post", scene.opening.public_id])).status_code == 404


def test_a_person_is_reported_from_the_menu_of_a_post_and_it_leads_back_there(sign_in, member, scene):
    browser = sign_in(member)
    link = soup(browser.get(scene.thread.get_absolute_url())).find("a", string="Report this person")
    page = browser.get(link["href"])
    assert soup(page).find("h1").get_text() == "Report this person"
    answer = browser.post(link["href"], {"reason": "grooming"})
    assert answer["Location"] == reverse("post", args=[scene.reply.public_id])
    case = Case.objects.get()
    assert (case.subject_kind, case.subject_id, case.author) == ("profile", scene.reply.author_id, scene.reply.author)
    assert "birch" not in Flag.objects.get().snapshot, "the name goes when its owner does"


def test_nothing_leads_to_a_page_of_somebody_else(sign_in, member, other_member):
    address = reverse("flag", args=["profile", other_member.public_id]) + "?next=https://elsewhere.example/"
    assert sign_in(member).post(address, {"reason": "spam"})["Location"] == reverse(
        "person", args=[other_member.public_id]
    )


def test_a_disguised_author_is_not_reported_as_a_person(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=other_member, disguise=5)
    factories.PostFactory(thread=thread, author=other_member)
    page = sign_in(member).get(thread.get_absolute_url())
    assert "Report this person" not in words(page)
    assert str(other_member.public_id) not in page.text
    assert "Report this post" in words(page)


def test_a_person_is_reported_by_nobody_who_does_not_meet_them(sign_in, member, blocked, other_member):
    for reporter, reported in ((member, member), (member, blocked), (blocked, member)):
        address = reverse("flag", args=["profile", reported.public_id])
        assert sign_in(reporter).get(address).status_code == 404
        assert sign_in(reporter).post(address, {"reason": "spam"}).status_code == 404
    gone = factories.MemberFactory(is_active=False)
    assert sign_in(other_member).get(reverse("flag", args=["profile", gone.public_id])).status_code == 404


def test_reporting_asks_a_visitor_to_sign_in(visitor, scene):
    for address in (
        reverse("flag", args=["post", scene.reply.public_id]),
        reverse("flag", args=["profile", scene.reply.author.public_id]),
        reverse("report_thread", args=[scene.thread.public_id]),
        reverse("my_reports"),
        reverse("worried"),
    ):
        assert visitor.get(address)["Location"].startswith("/accounts/login/")


def test_a_person_reported_after_a_decision_is_a_new_case(report_person, decide, moderator, member, other_member):
    """A name stays, while what somebody does goes on."""
    report_person(member, other_member)
    decide(moderator, Case.objects.get(), action="approve", rule="", reason="")
    assert Case.objects.get().state == "decided"
    report_person(member, other_member)
    assert Case.objects.filter(state="open").exists()


def test_a_case_about_a_person_shows_them_without_what_they_wrote_behind_a_disguise(
    sign_in, report_person, moderator, member, other_member
):
    factories.PostFactory(author=other_member, body="Said under my name.")
    hidden = factories.ThreadFactory(author=other_member, disguise=5, title="Nobody knows", opening="Said in disguise.")
    factories.decided(factories.flag(hidden.posts.get()).case, by=moderator, rule=factories.RuleFactory())
    report_person(member, other_member)
    case = Case.objects.get(subject_kind="profile")
    page = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert "Said under my name." in page
    assert "Nothing of theirs was restricted before." in page
    assert "Said in disguise." not in page
    assert "Nobody knows" not in page
    assert "birch, as a member" in words(sign_in(moderator).get(reverse("queue")))


def test_a_case_about_a_person_says_that_something_was_restricted_before(
    sign_in, report_person, moderator, member, other_member
):
    named = factories.flag(factories.PostFactory(author=other_member)).case
    factories.decided(named, by=moderator, rule=factories.RuleFactory())
    report_person(member, other_member)
    case = Case.objects.get(subject_kind="profile")
    page = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert "Something of theirs was restricted once before." in page


def test_the_words_of_a_profile_are_taken_out_and_come_back_after_an_appeal(
    sign_in, report_person, decide, moderator, other_moderator, rule, member, other_member
):
    Member.objects.filter(pk=other_member.pk).update(pronouns="she/her", about="Ask me for pills.")
    report_person(member, other_member)
    case = Case.objects.get(subject_kind="profile")
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert "Ask me for pills." in words(page)
    decide(moderator, case, action="clear", reason="It offers medicines.")
    profile = sign_in(member).get(reverse("person", args=[other_member.public_id]))
    assert "pills" not in words(profile)
    assert "she/her" not in words(profile)
    assert "birch" in words(profile)
    decision = Decision.objects.get()
    told = words(sign_in(other_member).get(reverse("decision", args=[decision.public_id])))
    for said in ("A moderator took what you say about yourself from your profile.", "It offers medicines.", rule.title):
        assert said in told
    assert AuditEntry.objects.filter(verb="decide:clear", subject_id=other_member.pk).exists()
    appeal = appeals.appeal(author=other_member, decision=decision, text="It was a joke.")
    appeals.judge(moderator=other_moderator, appeal=appeal, outcome=Appeal.State.WITHDRAWN, answer="So it was.")
    other_member.refresh_from_db()
    assert (other_member.pronouns, other_member.about) == ("she/her", "Ask me for pills.")


def test_what_somebody_wrote_into_their_profile_since_stays_when_a_decision_is_taken_back(
    report_person, decide, moderator, other_moderator, member, other_member
):
    Member.objects.filter(pk=other_member.pk).update(about="Ask me for pills.")
    report_person(member, other_member)
    decide(moderator, Case.objects.get(), action="clear", reason="It offers medicines.")
    Member.objects.filter(pk=other_member.pk).update(about="I knit.")
    decision = Decision.objects.get()
    appeal = appeals.appeal(author=other_member, decision=decision, text="It was a joke.")
    appeals.judge(moderator=other_moderator, appeal=appeal, outcome=Appeal.State.WITHDRAWN, answer="So it was.")
    other_member.refresh_from_db()
    assert other_member.about == "I knit."


def test_a_profile_without_words_has_none_to_take_out(sign_in, report_person, moderator, member, other_member):
    report_person(member, other_member)
    page = sign_in(moderator).get(reverse("case", args=[Case.objects.get().public_id]))
    assert "Take the words from their profile" not in words(page)


def test_a_moderator_who_is_reported_finds_no_case(sign_in, report_person, member, moderator):
    report_person(member, moderator)
    case = Case.objects.get()
    assert sign_in(moderator).get(reverse("case", args=[case.public_id])).status_code == 404
    assert sign_in(moderator).get(reverse("much_blocked")).status_code == 200

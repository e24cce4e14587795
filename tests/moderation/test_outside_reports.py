import datetime as dt
from functools import partial

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from forums.models import Post
from moderation import tasks
from moderation.models import Appeal, AuditEntry, Case, Decision, Flag, OutsideReport
from moderation.services import appeals, outside, reports
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

FORM = reverse("report_outside")
SENT = reverse("reported_outside")


@pytest.fixture
def outsider(visitor, scene):
    """Send the public form about the scene's reply, unless the test says otherwise."""

    def send(**changes):
        form = {
            "address": f"http://testserver{scene.thread.get_absolute_url()}#post-2",
            "reason": "privacy",
            "note": "This names my sister.",
            "name": "Robin",
            "email": "robin@example.net",
            "in_good_faith": "on",
        }
        return visitor.post(FORM, form | changes)

    return send


def test_a_report_without_an_account_opens_a_case_with_its_class_and_clock(outsider, scene):
    before = factories.now()
    assert outsider()["Location"] == SENT
    case, flag, report = Case.objects.get(), Flag.objects.get(), OutsideReport.objects.get()
    assert (case.subject_id, case.source, case.priority) == (scene.reply.pk, "outside", 3)
    assert case.due_at >= before + dt.timedelta(hours=4)
    assert (flag.outside, flag.reporter, flag.snapshot) == (report, None, "I know that kind of week.")
    assert (report.name, report.email, report.why) == ("Robin", "robin@example.net", "This names my sister.")


def test_it_joins_the_case_that_is_open(outsider, report, other_member, member, scene):
    report(member, scene.reply, "spam")
    outsider()
    assert Case.objects.get().flags.count() == 2
    assert Case.objects.get().priority == 3


def test_whoever_sent_it_reads_that_it_arrived(visitor, outsider):
    outsider()
    page = visitor.get(SENT)
    assert "Your report has arrived" in words(page)


def test_name_and_address_are_not_asked_for_by_force(outsider):
    assert outsider(name="", email="").status_code == 302
    tasks.mail_outside_reports()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("address", "We need the address"),
        ("reason", "Choose what comes closest."),
        ("note", "Say in a sentence or two what is wrong"),
        ("in_good_faith", "once you say that you mean it in good faith"),
    ],
)
def test_what_is_missing_is_said_and_the_words_are_kept(outsider, field, said):
    page = outsider(**{field: ""})
    assert page.status_code == 422
    assert said in words(page)
    kept = {"address": "http://testserver", "note": "This names my sister.", "name": "Robin"}
    for name, value in kept.items():
        if name != field:
            assert value_of(page, name).startswith(value)
    assert not OutsideReport.objects.exists()


def addresses(scene):
    thread, reply = scene.thread, scene.reply
    return {
        f"/posts/{reply.public_id}/": reply,
        f"http://testserver/posts/{reply.public_id}/history/": reply,
        f"testserver/posts/{reply.public_id}/": reply,
        f"{thread.get_absolute_url()}#post-2": reply,
        f"{thread.get_absolute_url()}?page=1#post-2": reply,
        f"/threads/{thread.public_id}/jump/?number=2": reply,
        thread.get_absolute_url(): scene.opening,
        f"{thread.get_absolute_url()}#post-99": scene.opening,
    }


@pytest.mark.parametrize("number", range(8))
def test_an_address_names_the_post_that_a_browser_would_show(outsider, scene, number):
    address, expected = list(addresses(scene).items())[number]
    assert outsider(address=address).status_code == 302
    assert Case.objects.get().subject_id == expected.pk


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/posts/0190c0de-0000-7000-8000-000000000000/",
        "/posts/0190c0de-0000-7000-8000-000000000000/",
        "/threads/0190c0de-0000-7000-8000-000000000000/x/",
        "/guidelines/",
        "the one about my sister",
        "http://[broken",
        "javascript:alert(1)",
    ],
)
def test_an_address_where_nothing_of_ours_stands_is_said_plainly(outsider, address):
    page = outsider(address=address)
    assert page.status_code == 422
    assert "There is no post or thread of ours at this address." in words(page)
    assert value_of(page, "address") == address


@pytest.mark.parametrize("visibility", ["visible", "held", "hidden"])
def test_the_answer_does_not_tell_who_can_read_what_stands_there(outsider, scene, visibility):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=visibility)
    assert outsider()["Location"] == SENT


def test_a_moved_post_is_found_where_it_stands_now(outsider, scene):
    stands = factories.PostFactory()
    moved = factories.PostFactory(thread=scene.thread, visibility="moved", moved_to=stands)
    outsider(address=f"/posts/{moved.public_id}/")
    assert Case.objects.get().subject_id == stands.pk


def test_the_same_form_sent_twice_is_one_report(outsider):
    outsider()
    assert outsider()["Location"] == SENT
    assert OutsideReport.objects.count() == Flag.objects.count() == 1


@pytest.mark.parametrize("left", [False, True])
def test_the_same_form_sent_twice_at_once_is_one_report_and_bothers_nobody_twice(shared_database, left):
    post, moderator = factories.PostFactory(), factories.MemberFactory(is_moderator=True)
    case = factories.flag(post).case
    if left:
        factories.decided(case, by=moderator, rule=None, action="approve")
    post = Post.objects.select_related("thread", "author").get(pk=post.pk)
    before = Case.objects.get().version
    send = partial(
        reports.report_from_outside,
        subject=post,
        address="/x/",
        reason=Flag.Reason.PRIVACY,
        why="My sister.",
        email="r@x.net",
    )
    sent = at_once(*[lambda: send().pk] * 3)
    assert len(set(sent)) == 1
    assert OutsideReport.objects.count() == 1
    assert Flag.objects.filter(outside__isnull=False).count() == 1
    assert Case.objects.get().version == before + (0 if left else 1)


def test_one_address_sends_only_so_many_an_hour_and_keeps_its_words(outsider):
    answers = [outsider(note=f"Reason {number}", email="").status_code for number in range(11)]
    assert answers == [302] * 10 + [429]
    page = outsider(note="My last words on this")
    assert "Please send this one a little later." in words(page)
    assert value_of(page, "note") == "My last words on this"


def test_one_mail_address_sends_only_so_many_an_hour_from_wherever(outsider, settings, visitor):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = []
    for number in range(6):
        visitor.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        answers.append(outsider(note=f"Reason {number}").status_code)
    assert answers == [302] * 5 + [429]


def test_what_fills_in_every_field_is_turned_away_and_a_person_learns_why(outsider):
    page = outsider(website="https://buy.example/")
    assert page.status_code == 422
    assert "Please empty the field that says so" in words(page)
    assert not OutsideReport.objects.exists()


def test_a_form_without_its_token_gives_the_words_back():
    page = Client(enforce_csrf_checks=True).post(FORM, {"note": "This names my sister."})
    assert page.status_code == 403
    assert "This names my sister." in words(page)


def test_it_arrived_and_what_came_of_it_are_told_by_mail_once_each_and_say_nothing_of_it(
    worker, outsider, decide, moderator, scene
):
    with worker():
        outsider()
    decide(moderator, Case.objects.get())
    with worker():
        for _time in range(3):
            tasks.mail_outside_reports()
    arrived, answered = mail.outbox
    assert arrived.to == answered.to == ["robin@example.net"]
    assert "has arrived" in arrived.body
    assert "A moderator looked at it and acted." in answered.body
    report = OutsideReport.objects.get()
    assert report.confirmed_at
    assert report.answered_at
    for told in mail.outbox:
        for secret in ("sister", "week", "birch", "keeper", "/threads/", "/posts/", "rivacy", "pull themselves"):
            assert secret not in f"{told.subject} {told.body}"


def sweep(worker):
    with worker():
        tasks.mail_outside_reports()


def test_what_an_appeal_changed_is_told_by_mail_once(
    worker, outsider, decide, moderator, other_moderator, other_member, rule
):
    with worker():
        outsider()
    decide(moderator, Case.objects.get())
    sweep(worker)
    first = Decision.objects.get()
    appeal = factories.AppealFactory(decision=first)
    sweep(worker)
    assert len(mail.outbox) == 2
    instead = appeals.Ruling(action="warn", rule=rule, reason="A hint would have done.")
    appeals.judge(
        moderator=other_moderator, appeal=appeal, outcome=Appeal.State.CHANGED, answer="Yes.", instead=instead
    )
    for _time in range(3):
        sweep(worker)
    assert len(mail.outbox) == 3
    told = mail.outbox[-1]
    assert told.to == ["robin@example.net"]
    assert "Another moderator looked at it once more, and acted in another way." in told.body
    for secret in ("sister", "warden", "keeper", "hint", "appeal", "/threads/", "/posts/"):
        assert secret not in f"{told.subject} {told.body}"
    # And what an appeal against that makes of it.
    third = factories.MemberFactory(is_moderator=True)
    again = factories.AppealFactory(decision=Decision.objects.latest("id"))
    appeals.judge(moderator=third, appeal=again, outcome=Appeal.State.WITHDRAWN, answer="Yes.")
    for _time in range(2):
        sweep(worker)
    assert len(mail.outbox) == 4
    assert "and left it as it is." in mail.outbox[-1].body
    ids = [sent.extra_headers["Message-ID"] for sent in mail.outbox]
    assert len(set(ids)) == 4


def test_an_appeal_that_changed_nothing_or_came_before_the_answer_is_no_news(
    worker, outsider, decide, moderator, other_moderator
):
    with worker():
        outsider()
    decide(moderator, Case.objects.get())
    factories.withdrawn(Decision.objects.get(), by=other_moderator)
    for _time in range(2):
        sweep(worker)
    assert len(mail.outbox) == 2
    assert "Another moderator looked at it once more, and left it as it is." in mail.outbox[-1].body


def test_an_appeal_that_was_not_granted_is_not_told(worker, outsider, decide, moderator, other_moderator):
    with worker():
        outsider()
    decide(moderator, Case.objects.get())
    sweep(worker)
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    appeals.judge(moderator=other_moderator, appeal=appeal, outcome=Appeal.State.UPHELD, answer="It stands.")
    sweep(worker)
    assert len(mail.outbox) == 2


def test_a_mail_of_a_change_that_is_refused_is_sent_later(
    worker, outsider, decide, moderator, other_moderator, monkeypatch
):
    with worker():
        outsider()
    decide(moderator, Case.objects.get())
    sweep(worker)
    factories.withdrawn(Decision.objects.get(), by=other_moderator)

    def refuse(*_args):
        raise ConnectionRefusedError

    with monkeypatch.context() as refusing:
        refusing.setattr("django.core.mail.EmailMessage.send", refuse)
        sweep(worker)
    assert len(mail.outbox) == 2
    sweep(worker)
    assert len(mail.outbox) == 3


def test_words_that_were_looked_at_before_are_no_new_case_and_are_answered(
    worker, outsider, report, decide, moderator, member, scene
):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve", rule="", reason="")
    with worker():
        outsider()
    with worker():
        tasks.mail_outside_reports()
    assert Case.objects.get().state == "decided"
    assert "left it as it is" in mail.outbox[-1].body


def test_what_a_broker_that_was_away_left_behind_is_sent_by_the_sweep(worker, outsider):
    outsider()
    assert mail.outbox == []
    OutsideReport.objects.update(created_at=factories.now() - dt.timedelta(minutes=5))
    with worker():
        tasks.mail_outside_reports()
        tasks.mail_outside_reports()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_is_asked_again(outsider, monkeypatch):
    outsider()
    report = OutsideReport.objects.get()

    def refuse(*_args):
        raise ConnectionRefusedError

    with monkeypatch.context() as refusing:
        refusing.setattr("django.core.mail.EmailMessage.send", refuse)
        tasks.confirm_outside_report(report.pk)
    report.refresh_from_db()
    assert report.confirmed_at is None
    assert outside.confirm(report.pk)
    assert not outside.confirm(report.pk)


def test_an_undecided_report_is_not_answered(outsider):
    outsider()
    assert not outside.answer(OutsideReport.objects.get().pk)


def test_the_reported_are_never_told_who_it_was(outsider, sign_in, decide, moderator, other_member):
    outsider()
    decide(moderator, Case.objects.get())
    decision = Case.objects.get().decisions.get()
    page = words(sign_in(other_member).get(reverse("decision", args=[decision.public_id])))
    for secret in ("Robin", "robin@example.net", "This names my sister."):
        assert secret not in page


def test_members_who_reported_are_told_beside_somebody_without_an_account(
    worker, outsider, report, decide, moderator, member, scene
):
    report(member, scene.reply)
    outsider()
    with worker():
        decide(moderator, Case.objects.get())
    assert member.notices.filter(event__kind="report_decided").exists()


def test_the_log_keeps_that_it_was_reported_and_nothing_of_who_it_was(outsider, scene):
    outsider()
    entry = AuditEntry.objects.get(verb="flag-outside")
    assert (entry.actor, entry.subject_id) == (None, scene.reply.pk)
    assert "robin" not in str(entry.details).lower()


def test_the_way_there_stands_at_the_foot_of_pages_and_among_the_guidelines(visitor, db):
    for address in (reverse("guidelines"), reverse("help_now"), reverse("account_login")):
        assert soup(visitor.get(address)).find("a", href=FORM)


def test_a_reader_of_an_open_board_is_led_there_with_the_address_filled_in(visitor, scene):
    scene.board.audience = "everyone"
    scene.board.save()
    link = soup(visitor.get(scene.thread.get_absolute_url())).find("a", string="Report this thread")
    assert value_of(visitor.get(link["href"]), "address") == scene.thread.get_absolute_url()


def test_nothing_that_was_typed_is_in_the_mails(outsider, decide, moderator, mailoutbox):
    outsider(name="Buy at spam.example", note="Click spam.example")
    report = OutsideReport.objects.get()
    outside.confirm(report.pk)
    decide(moderator, Case.objects.get())
    outside.answer(report.pk)
    assert len(mailoutbox) == 2
    for sent in mailoutbox:
        assert "spam.example" not in sent.subject + sent.body


@pytest.mark.parametrize("name", ["Robin\nGo to spam.example", "Robin\rx", "Robin\u2028x"])
def test_a_name_is_one_line(outsider, name):
    assert outsider(name=name).status_code == 422
    assert not OutsideReport.objects.exists()


def test_tags_do_not_make_another_address(outsider):
    cache.clear()
    answers = [outsider(email=f"Robin+{number}@example.net").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2


def test_worries_from_outside_have_a_slower_pace(outsider):
    cache.clear()
    answers = [outsider(email="", reason="worried", note=f"{n}").status_code for n in range(4)]
    assert answers == [302] * 3 + [429]
    assert outsider(email="", reason="privacy").status_code == 302


def sent_by(outsider, *emails):
    """A report by each of these, in this order, a while ago."""
    for number, email in enumerate(emails):
        cache.clear()
        outsider(email=email, note=f"Reason {number}")
    OutsideReport.objects.update(created_at=factories.now() - dt.timedelta(minutes=5))
    cache.clear()


def test_first_mails_have_a_pace_for_all_addresses_together(outsider, monkeypatch):
    sent_by(outsider, "one@example.net", "two@example.net")
    monkeypatch.setattr(outside, "FIRST_AN_HOUR", 1)
    sent = [outside.confirm(pk) for pk in OutsideReport.objects.order_by("id").values_list("pk", flat=True)]
    assert sent == [True, False]
    # It is not forgotten: the sweep finds it.
    assert OutsideReport.objects.filter(confirmed_at=None).count() == 1


def test_many_reports_by_one_address_or_domain_keep_nobody_else_waiting(worker, outsider, mailoutbox, monkeypatch):
    monkeypatch.setattr(tasks, "MAILS_AT_ONCE", 4)
    monkeypatch.setattr(outside, "FIRST_TO_DOMAIN", 2)
    monkeypatch.setattr(outside, "FIRST_TO_ADDRESS", 1)
    flood = ["many+1@flood.example", "many@flood.example", "b@flood.example", "c@flood.example", "d@flood.example"]
    sent_by(outsider, *flood, "robin@example.net")
    sweep(worker)
    to = [told.to[0] for told in mailoutbox]
    assert to == ["many+1@flood.example", "b@flood.example", "robin@example.net"]


def test_whoever_waits_longest_is_told_first(worker, outsider, mailoutbox, monkeypatch):
    monkeypatch.setattr(tasks, "MAILS_AT_ONCE", 1)
    sent_by(outsider, "first@example.net", "second@example.net")
    sweep(worker)
    assert [told.to for told in mailoutbox] == [["first@example.net"]]


def test_what_came_of_it_is_told_also_to_who_was_not_told_that_it_arrived(
    worker, outsider, decide, moderator, mailoutbox
):
    outsider()
    decide(moderator, Case.objects.get())
    OutsideReport.objects.update(created_at=factories.now() - dt.timedelta(days=4))
    for _time in range(2):
        sweep(worker)
    (told,) = mailoutbox
    assert "A moderator looked at it and acted." in told.body


def test_reports_about_words_that_were_left_make_the_site_write_to_nobody_more_often(
    worker, outsider, report, decide, moderator, member, scene, mailoutbox, monkeypatch
):
    report(member, scene.reply)
    decide(moderator, Case.objects.get(), action="approve", rule="", reason="")
    monkeypatch.setattr(outside, "FIRST_TO_ADDRESS", 2)
    sent_by(outsider, *["robin@example.net"] * 4)
    for _time in range(2):
        sweep(worker)
    # One that it arrived and one what came of it, about each of two.
    assert len(mailoutbox) == 4
    assert OutsideReport.objects.filter(confirmed_at=None, answered_at=None).count() == 2

"""What the demo's moderators have on their desk: what waits for them, what was decided, what was handed over.

It goes through the services, so that it is what the site itself would have made. Then it is moved into the last hours,
as far as the database lets anybody move it, and nobody gets a mail about it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

import notifications.services
from forums.models import Post
from members.models import Block, Member
from moderation.models import Appeal, Case, CaseNote, CrisisStep, Flag, SanctionKind, StaffMessage
from moderation.services import appeals, claims, crisis, messages, notes, reaching, reports
from notifications.models import Delivery, Event, Notice
from supportsite.demo.hands import REPLIES, Desk

# Who keeps the moderators busy, and for how many days they have been here.
NEWCOMERS = {"brisk_walk": 30, "clear_path": 2}
Reason = Flag.Reason


def add_replies(board: str, threads: Sequence[dict[str, Any]]) -> None:
    """Put what was reported where it stands, at the end of threads of `board`."""
    by_title = {row["title"]: row for row in threads}
    for reply in REPLIES:
        if reply["board"] == board:
            by_title[reply["thread"]].setdefault("reply", []).append(reply)


def fill(posts: Sequence[Post], members: Mapping[str, Member]) -> None:
    """In the transaction in which the rest is loaded."""
    desk = Desk(posts, members)
    desk.shift("juniper", hours=(19, 11), handover="A quiet evening. Nothing urgent is open.", read_by="rowan")
    _decided(desk)
    _appealed(desk)
    _waiting_for_days(desk)
    _waiting_since_today(desk)
    desk.shift(
        "rowan",
        hours=(8, 0.02),
        handover="The reply about reading at night is handed over; the case has a note. brisk_walk has been told once "
        "this week. If it goes on, let us talk before there is a second limit. Nothing else was urgent.",
    )
    _part(members)
    _tell()


def _decided(desk: Desk) -> None:
    promotion = desk.report(
        desk.posts["twelve calls"], ("willow", Reason.SPAM, "The link has somebody's number in it."), hours=5
    )
    desk.decide(
        "rowan",
        promotion,
        "remove",
        rule="no-promotion",
        reason="Your post sells a programme, with a link that earns somebody money. This is a place without offers. "
        "You are welcome to say how you are, in your own words.",
    )
    tired = desk.report(
        desk.posts["nothing helps"],
        ("willow", Reason.HOPELESSNESS, "It made me sad. Perhaps that is only the morning."),
        hours=9,
    )
    desk.decide("juniper", tired, "approve", private_note="Sad, and it ends at a breakfast. That may stand here.")


def _appealed(desk: Desk) -> None:
    """One appeal that was granted, and one that waits for juniper."""
    advice = desk.report(
        desk.posts["rang in the morning"],
        ("velvetmoss", Reason.OTHER, "Only listening was asked for in this thread."),
        hours=7,
    )
    hidden = desk.decide(
        "juniper",
        advice,
        "hide",
        rule="speak-for-yourself",
        reason="The thread asks for listening. Your post tells its author what to do next. You are welcome to write "
        "the first half of it again.",
    )
    asked = appeals.appeal(
        author=desk.members["willow"],
        decision=hidden,
        text="I wrote what I did myself. Only the last line is about somebody else, and it begins with “you could”.",
    )
    appeals.judge(
        moderator=desk.members["rowan"],
        appeal=asked,
        outcome=Appeal.State.WITHDRAWN,
        answer="You told your own morning, and the last line leaves the choice to its reader. The post stands again. "
        "I am sorry that it was away for a while.",
    )
    unkind = desk.report(
        desk.posts["everybody is tired"],
        ("greycardigan", Reason.ABUSE, "This is the voice that I have in my head anyway."),
        ("nightbus", Reason.ABUSE, ""),
        hours=6,
    )
    limited = desk.decide(
        "rowan",
        unkind,
        "hide",
        rule="kindness",
        reason="Your words tell somebody that being ill is a matter of getting up. I believe that you meant to help. "
        "To somebody who is low it can be a door that closes.",
        sanction=SanctionKind.HELD_FIRST,
        sanction_hours=7 * 24,
        private_note="The first limit. One week seems enough.",
    )
    appeals.appeal(
        author=desk.members["brisk_walk"],
        decision=limited,
        text="Somebody said the same to me once, and it was what I needed. I was not angry. A week in which all that I "
        "write is read first seems long for three sentences.",
    )


def _waiting_for_days(desk: Desk) -> None:
    """What is over its time, and what is looked after for longer."""
    contact = desk.report(
        desk.members["clear_path"],
        ("yellowdoor", Reason.GROOMING, "They ask in one thread after the other whether I would write elsewhere."),
        ("windowseat", Reason.GROOMING, "The same here. I said no twice."),
        hours=5.5,
    )
    Case.objects.filter(pk=contact.pk).update(alerted_at=desk.now - dt.timedelta(hours=1.5))
    worry = desk.report(
        desk.openings["No. Not today"],
        ("pebble", Reason.WORRIED, "They stopped answering, which is not like them."),
        hours=3,
    )
    mine, juniper = desk.take("juniper", worry), desk.members["juniper"]
    crisis.start(moderator=juniper, case=mine, version=mine.version)
    messages.send(
        moderator=juniper,
        case=mine,
        version=mine.version,
        text="Hello. I am one of the moderators here, a person, and I have read what you wrote. You are not in "
        "trouble. How is this evening? A word is enough.",
    )
    crisis.rest(moderator=juniper, case=mine, version=mine.version)
    CrisisStep.objects.filter(case=mine).update(at=F("at") - dt.timedelta(hours=2.7))
    StaffMessage.objects.filter(case=mine).update(sent_at=F("sent_at") - dt.timedelta(hours=2.7))


def _waiting_since_today(desk: Desk) -> None:
    reaching.ask_to_reach_out(member=desk.members["driftwood"])
    desk.moved(Case.objects.get(subject_kind="profile", author=desk.members["driftwood"]), 0.08)
    desk.report(
        desk.openings["Only posting so the night has a mark in it"],
        ("thimble", Reason.WORRIED, "They sound further away than they used to. Could somebody look?"),
        hours=0.05,
    )
    reading = desk.report(
        desk.posts["read about it"],
        ("longway", Reason.METHODS, "No way is named. I would still rather that somebody reads it."),
        hours=0.7,
    )
    claims.hand_over(
        moderator=desk.members["rowan"],
        case=desk.take("rowan", reading),
        note="I have read it twice, and no way is named. The last line seems to matter most. I have to stop here for "
        "today; could you look at what else they wrote this week?",
    )
    reports.report_from_outside(
        subject=desk.openings["My teenager has noticed"],
        address="/boards/people/",
        reason=Reason.PRIVACY,
        why="A friend showed me this. I think I know the family, and others might, too.",
    )
    envelope = desk.report(
        desk.posts["one envelope"],
        ("toomanytabs", Reason.ABUSE, "There was no need for this."),
        ("kitchenradio", Reason.ABUSE, ""),
        hours=1.4,
    )
    notes.add_note(
        author=desk.members["juniper"],
        case=envelope,
        words="The second one this week, and written before the first was decided. @rowan, is the limit enough?",
    )
    CaseNote.objects.filter(case=envelope).update(created_at=F("created_at") - dt.timedelta(minutes=50))
    desk.report(
        desk.posts["my cousin"],
        ("pebble", Reason.ADVICE, "Kindly meant. Could it carry a source, or a line that says to ask first?"),
        hours=2,
    )
    desk.begin(
        "sundaybread",
        "people",
        "My sister could do with a friendly voice",
        "She will not write here herself, so I am doing it for her. Her number is 07700 900417, and she is up late. "
        "She would be glad of a stranger.",
        hours=1.8,
    )
    desk.begin(
        "clear_path",
        "new-here",
        "Twelve calls and the fog is gone",
        "I was stuck too, until I found the Clear Path programme. Places this month: "
        "https://clearpath.example/start?ref=forum17",
        hours=3.2,
    )


def _part(members: Mapping[str, Member]) -> None:
    """Some no longer want to meet one of them; moderators see that there are several."""
    who = ("greycardigan", "nightbus", "toomanytabs", "kitchenradio")
    Block.objects.bulk_create(Block(blocker=members[name], blocked=members["brisk_walk"]) for name in who)


def _tell() -> None:
    """No mail leaves. What members heard of it stands on their pages and counts as read; for moderators it is new."""
    for event in Event.objects.filter(expanded_at=None).order_by("pk"):
        notifications.services.expand(event)
    now = timezone.now()
    Delivery.objects.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.SKIPPED, reason=Delivery.Reason.TOO_LATE, settled_at=now
    )
    Notice.objects.filter(recipient__is_moderator=False, read_at=None).update(read_at=now)

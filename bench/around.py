"""What members do with threads and posts, what they are told, what waits for moderators, and the library."""

import datetime as dt

from django.core.management import call_command

from bench.copying import go_on_counting, insert, table, without_indexes
from bench.shape import BIG, BOARDS, FOLLOWED, LONG, SQL_MIXED, Shape
from bench.timeline import Timeline
from forums.models import BoardFollow, Bookmark, Draft, Post, Reaction, ReadMark, Thread, ThreadFollow
from forums.news import NEW_REPLY, REPLIED_TO_YOU
from moderation.models import AuditEntry, Case, Decision, Flag, Rule, Signal, Source
from notifications.models import Event, Notice
from resources.models import ArticlePage
from resources.services.starter import prepare_library

# A few who follow everything; in the long thread most hear only of replies to themselves.
LOUD_IN_LONG = 20


def luck(number: str, salt: int) -> str:
    return SQL_MIXED.format(number=number, salt=salt)


def reading(shape: Shape, line: Timeline) -> None:
    posts, threads = table(Post), table(Thread)
    long_thread = line.long_thread + 1
    wrote = f"(SELECT author_id, thread_id, max(number) AS last, min(id) AS id FROM {posts} GROUP BY 1, 2) w"
    # Whoever wrote in a thread has read on for a while, and follows it.
    with without_indexes(ReadMark, ThreadFollow):
        insert(
            ReadMark,
            {
                "member_id": "w.author_id", "thread_id": "w.thread_id",
                "last_read_number": f"least(t.last_number, w.last + {luck('w.id', 11)} %% 12)",
            },
            f"FROM {wrote} JOIN {threads} t ON t.id = w.thread_id",
        )  # fmt: skip
        # And as many read in silence.
        reader = f"(1 + floor({shape.members} * power(({luck('t.id * 8 + n', 12)} %% 100000) / 100000.0, 2)))::bigint"
        insert(
            ReadMark,
            {"member_id": reader, "thread_id": "t.id", "last_read_number": "max(t.last_number)"},
            f"FROM {threads} t, generate_series(1, 6) n GROUP BY 1, 2 ON CONFLICT DO NOTHING",
        )
        level = (
            f"CASE WHEN thread_id = {long_thread} AND author_id > {LOUD_IN_LONG} THEN 'replies' "
            f"WHEN {luck('w.id', 13)} %% 10 < 6 THEN 'all' WHEN {luck('w.id', 13)} %% 10 < 9 THEN 'replies' "
            "ELSE 'mute' END"
        )
        insert(ThreadFollow, {"member_id": "author_id", "thread_id": "thread_id", "level": level}, f"FROM {wrote}")
    insert(
        BoardFollow,
        {"member_id": "n", "board_id": str(FOLLOWED), "level": "'all'"},
        f"FROM generate_series(1, {shape.followers}) n",
    )
    for board in (BIG, LONG, *range(LONG + 1, BOARDS + 1)):
        insert(
            BoardFollow,
            {"member_id": f"n * {BOARDS} + {board}", "board_id": str(board), "level": "'all'"},
            f"FROM generate_series(1, {min(20, shape.members // BOARDS - 2)}) n",
        )


def responding(shape: Shape) -> None:
    posts = table(Post)
    with without_indexes(Reaction):
        insert(
            Reaction,
            {
                "post_id": "post", "member_id": "member", "created_at": "at",
                "kind": "(ARRAY['heard', 'me_too', 'thinking', 'helped'])[kind + 1]",
            },
            f"FROM (SELECT p.id AS post, p.created_at AS at, p.author_id AS author, "
            f"(1 + floor({shape.members} * power(({luck('p.id * 4 + n', 21)} %% 100000) / 100000.0, 2)))::bigint "
            f"AS member, n %% 4 AS kind FROM {posts} p, generate_series(0, 2) n "
            f"WHERE {luck('p.id * 4 + n', 22)} %% 10 < 3) r WHERE member <> author ORDER BY post",
        )  # fmt: skip
    go_on_counting(Reaction)
    insert(
        Bookmark,
        {"member_id": "member", "post_id": "post"},
        f"FROM (SELECT 1 + {luck('p.id', 23)} %% {shape.members} AS member, p.id AS post FROM {posts} p "
        f"WHERE p.id %% 40 = 0) b",
    )
    insert(
        Draft,
        {
            "member_id": "n",
            "thread_id": f"1 + {luck('n', 24)} %% {shape.threads}",
            "body": "repeat('half a thought ', 20)",
        },
        f"FROM generate_series(1, {shape.members}, 3) n",
    )


def telling(shape: Shape) -> None:
    """The newest posts were news to those who follow their thread, and to whom they answer."""
    posts, events, follows, threads = table(Post), table(Event), table(ThreadFollow), table(Thread)
    since = shape.posts - shape.told
    with without_indexes(Event, Notice):
        for kind in (NEW_REPLY.key, REPLIED_TO_YOU.key):
            insert(
                Event,
                {
                    "kind": f"'{kind}'", "actor_id": "p.author_id", "target_id": "p.id", "group_id": "p.thread_id",
                    "created_at": "p.created_at", "expanded_at": "p.created_at", "due_at": "p.created_at",
                },
                f"FROM {posts} p WHERE p.id > {since} AND p.number > 1 ORDER BY p.id",
            )  # fmt: skip
        told = {
            "event_id": "e.id", "recipient_id": "recipient", "created_at": "e.created_at",
            "read_at": f"CASE WHEN {luck('e.id', 31)} %% 10 < 6 THEN e.created_at END",
        }  # fmt: skip
        insert(
            Notice,
            {**told, "recipient_id": "f.member_id"},
            f"FROM {events} e JOIN {follows} f ON f.thread_id = e.group_id AND f.level = 'all' "
            f"AND f.member_id <> e.actor_id WHERE e.kind = '{NEW_REPLY.key}' AND {luck('e.id', 32)} %% 3 = 0 "
            "ORDER BY e.id",
        )
        insert(
            Notice,
            {**told, "recipient_id": "t.author_id"},
            f"FROM {events} e JOIN {threads} t ON t.id = e.group_id AND t.author_id <> e.actor_id "
            f"WHERE e.kind = '{REPLIED_TO_YOU.key}' ORDER BY e.id",
        )
    go_on_counting(Event, Notice)


def moderating(shape: Shape) -> None:
    """Open cases of every class, some overdue, some held by a moderator; decided ones behind them; and the log."""
    posts, cases = table(Post), table(Case)
    first = shape.moderators.start
    for state, number, spread in (("open", shape.open_cases, 7), ("decided", shape.decided_cases, 11)):
        is_open = state == "open"
        held = "n %% 9 = 0" if is_open else "false"
        insert(
            Case,
            {
                "subject_kind": "'post'", "subject_id": "p.id", "author_id": "p.author_id",
                "priority": "CASE WHEN n %% 40 = 0 THEN 1 WHEN n %% 8 = 0 THEN 2 WHEN n %% 3 = 0 THEN 3 ELSE 4 END",
                "source": f"CASE WHEN n %% 4 = 0 THEN '{Source.AUTOMATION}' ELSE '{Source.REPORT}' END",
                "state": f"'{state}'",
                "opened_at": "now() - n * interval '7 minutes'" if is_open else "now() - n * interval '2 hours'",
                "due_at": "now() + (n %% 48 - 12) * interval '30 minutes'",
                "claimed_by_id": f"CASE WHEN {held} THEN {first} + n %% {len(shape.moderators)} END",
                "lease_until": f"CASE WHEN {held} THEN now() + interval '3 hours' END",
                "decided_at": "NULL" if is_open else "now() - n * interval '2 hours' + interval '40 minutes'",
            },
            f"FROM generate_series(1, {number}) n JOIN {posts} p ON p.id = {shape.posts} - n * {spread}",
        )  # fmt: skip
    flagged = "(1 + ({n} * 37 + k * 101) %% {members})".format(n="c.id", members=shape.members)
    insert(
        Flag,
        {
            "case_id": "c.id", "reporter_id": flagged, "snapshot": "p.body", "created_at": "c.opened_at",
            "reason": f"(ARRAY['{Flag.Reason.ABUSE}', '{Flag.Reason.SPAM}', '{Flag.Reason.WORRIED}', "
            f"'{Flag.Reason.ADVICE}'])[1 + (c.id %% 4)::int]",
        },
        f"FROM {cases} c JOIN {posts} p ON p.id = c.subject_id, generate_series(0, 2) k "
        f"WHERE k <= c.id %% 3 AND {flagged} <> c.author_id AND c.source = '{Source.REPORT}'",
    )  # fmt: skip
    insert(
        Signal,
        {
            "case_id": "c.id", "kind": "'hostility'", "rule": "'hostility'", "severity": "0.5", "start": "0",
            "end": "5", "snapshot": "p.body",
        },
        f"FROM {cases} c JOIN {posts} p ON p.id = c.subject_id WHERE c.source = '{Source.AUTOMATION}'",
    )  # fmt: skip
    rule = Rule.objects.order_by("pk").values_list("pk", flat=True)[0]
    insert(
        Decision,
        {
            "case_id": "c.id", "decider_id": f"{first} + c.id %% {len(shape.moderators)}", "author_id": "c.author_id",
            "action": "'keep'", "rule_id": str(rule), "reason": "'Read, and left as it is.'", "snapshot": "p.body",
            "source": "c.source", "decided_at": "c.decided_at",
        },
        f"FROM {cases} c JOIN {posts} p ON p.id = c.subject_id WHERE c.state = 'decided'",
    )  # fmt: skip
    with without_indexes(AuditEntry):
        insert(
            AuditEntry,
            {
                "at": "now() - n * interval '5 minutes'", "actor_id": f"{first} + n %% {len(shape.moderators)}",
                "verb": "(ARRAY['claim', 'decide', 'release', 'flag'])[1 + n %% 4]", "subject_kind": "'post'",
                "subject_id": f"1 + {luck('n', 41)} %% {shape.posts}", "details": "jsonb_build_object('case', n)",
            },
            f"FROM generate_series({shape.audit_entries}, 1, -1) n",
        )  # fmt: skip


def library(shape: Shape) -> None:
    """The guidelines, help lines and articles that the site comes with; and articles that somebody here has checked."""
    call_command("load_starter_content", verbosity=0)
    index = prepare_library()
    paragraphs = "".join(f"<p>{'Small steps count, and a bad day is one day. ' * 6}</p>" for _ in range(8))
    for number in range(shape.articles):
        page = ArticlePage(
            title=f"A page about day {number}",
            slug=f"a-page-{number}",
            summary="What helps, and how sure that is.",
            topic="connection",
            evidence="early",
            body=[("text", paragraphs)],
            sources=[],
            reviewed_on=dt.date(2026, 1, 1),
            review_by=dt.date(2999, 1, 1),
        )
        index.add_child(instance=page)

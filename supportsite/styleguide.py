"""Every component in every state, with made-up people. Shown only when DEBUG is on."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.ago import time_ago
from members.kept import Kept
from moderation import charts
from moderation.access.figures import Figure
from resources.models import Kind

NOBODY = UUID(int=0)
REACTIONS = [
    ("heard", "I hear you"),
    ("me_too", "Me too"),
    ("thinking", "Thinking of you"),
    ("helped", "This helped"),
]


_FIGURE = Figure(
    "sample",
    gettext_lazy("Cases by class"),
    gettext_lazy("Opened in the week."),
    ["Crisis", "Danger", "Abuse", "Everything else"],
    [("2 Nov", [1, 0, 2, 6]), ("9 Nov", [0, 1, 1, 9]), ("16 Nov", [2, 0, 3, 4])],
)


class SampleForm(forms.Form):
    support_type = forms.ChoiceField(
        label="What would help you?",
        choices=[
            ("listening", "Just listening"),
            ("experiences", "Similar experiences"),
            ("ideas", "Ideas welcome"),
        ],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label="Title", max_length=120, help_text="A few words. Today I need… is a fine start.")
    body = forms.CharField(label="Your words", widget=forms.Textarea(attrs={"rows": 5, "data-count": 300}))
    country = forms.ChoiceField(label="Country", choices=[("GB", "United Kingdom"), ("IE", "Ireland")])
    no_reply_needed = forms.BooleanField(
        label="No reply needed", required=False, help_text="You only want to put it down somewhere."
    )


@require_safe
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", _samples(timezone.now()))


def _samples(now: dt.datetime) -> dict[str, Any]:
    return {
        "figure": _FIGURE,
        "chart": charts.draw(_FIGURE),
        "avatars": range(12),
        "posts": _posts(now),
        "actions": _actions(),
        "taken_back": _taken_back(now),
        "rows": _rows(now),
        "support_types": [
            ("listening", "Just listening", "Advice was not asked for. Being heard is enough."),
            ("experiences", "Similar experiences", "Tell what it was like for you, if you know this."),
            ("ideas", "Ideas welcome", "Suggestions are welcome, one or two at a time."),
            ("win", "A small win", "Something went a little better. Be glad with them."),
        ],
        "notes": ["Loss", "Substance use", "Self-harm"],
        "hits": _hits(now),
        "boards": [
            {
                "url": "#boards",
                "title": "Nights",
                "purpose": "For when it is late and the house is quiet.",
                "unread": True,
            },
            {
                "url": "#boards",
                "title": "Today",
                "purpose": "How it is right now, in a line or in ten.",
            },
        ],
        "library_pages": _library_pages(),
        "crumbs": [("Boards", "#crumbs"), ("Nights", "#crumbs")],
        "mails": [
            {"about": "A reply to me", "told": "Sent on 3 March, 09:10 GMT.", "at": now, "notice": NOBODY},
            {"about": "Your digest", "told": "Not sent. There was nothing to tell.", "at": now, "notice": None},
        ],
        "notices": _notices(now),
        "cases": _cases(now),
        "lines": _lines(now),
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "", "body": "Today I need to say this once.", "country": "GB"}),
        "now": now,
    }


def _notices(now: dt.datetime) -> list[dict[str, Any]]:
    read_at = now - dt.timedelta(days=2)
    there_is = {"public_id": NOBODY, "new": True, "at": now.isoformat(), "ago": time_ago(now)}
    earlier = there_is | {"new": False, "at": read_at.isoformat(), "ago": time_ago(read_at)}
    return [
        {**there_is, "line": "Somebody wrote in a thread of yours."},
        {**there_is, "line": "There are replies in “Nights are long”.", "together": True},
        {**earlier, "line": "Your report was looked at."},
    ]


def _library_pages() -> list[dict[str, Any]]:
    page = {
        "url": "#library",
        "title": "Sleep and mental clarity",
        "summary": "What broken nights do, and small things that make them a little easier.",
        "kind": Kind.ARTICLE,
        "takes": "about 4 minutes to read",
    }
    return [
        page,
        page
        | {
            "title": "Breathing out slowly",
            "kind": Kind.EXERCISE,
            "takes": "about 1 minute to do",
            "is_out_of_date": True,
        },
        page | {"title": "What to ask a doctor", "kind": Kind.QUESTION, "takes": "", "is_retired": True},
        page | {"title": "Forms of support", "is_unchecked": True},
    ]


def _post(number: int, name: str, now: dt.datetime, **more: Any) -> dict[str, Any]:
    body = (
        "<p>I slept four hours and then lay there counting the cars. It is odd how loud a house is at three.</p>"
        "<p>I am writing this mostly so that it is somewhere other than in my head.</p>"
    )
    return {
        "number": number,
        "public_id": NOBODY,
        "author_name": name,
        "avatar": number,
        "role": "",
        "created": date(now - dt.timedelta(hours=40 - number), "j F Y, H:i e"),
        "created_iso": date(now - dt.timedelta(hours=40 - number), "c"),
        "reply_to": None,
        "body_html": body,
        "visibility": "visible",
        "is_folded": more.get("visibility") in ("hidden", "removed", "withdrawn", "moved", "folded"),
        "is_disguised": False,
        "moved_url": "#posts",
    } | more


def _posts(now: dt.datetime) -> list[dict[str, Any]]:
    quote = "<blockquote><p>It is odd how loud a house is at three.</p></blockquote><p>Yes. Mine has a fridge.</p>"
    listing = "<p>Two things that were bearable:</p><ul><li>the kettle</li><li>the walk to the post box</li></ul>"
    return [
        _post(1, "willow", now),
        _post(
            2,
            "harbourlight",
            now,
            reply_to=1,
            reply_href="#post-1",
            body_html=quote,
            edited=date(now, "j F, H:i e"),
            edited_iso=date(now, "c"),
            edited_url="#posts",
        ),
        _post(3, "ash_and_ember", now, role="moderator", body_html="<p>I am here and reading along.</p>"),
        _post(
            4,
            "Quiet Heron",
            now,
            reply_to=2,
            reply_href="#post-2",
            says_starter=True,
            body_html=listing,
            is_disguised=True,
        ),
        _post(5, "quietmonday", now, visibility="held"),
        _post(6, "somebody", now, visibility="hidden"),
        _post(7, "somebody", now, visibility="withdrawn"),
        _post(9, "somebody", now, visibility="folded"),
        _post(10, "oldfriend", now, kept=Kept.MUTED, kept_line=Kept.MUTED.line, role="peer"),
        _post(11, "somebody", now, kept=Kept.HIDDEN, kept_line=Kept.HIDDEN.line, is_folded=True),
        _post(
            8,
            "notebook",
            now,
            role="curator",
            body_html="<p>There is a page about sleep in the resources.</p>",
        ),
        _post(10, "riverside", now, role="professional", field="Clinical psychologist"),
    ]


def _actions() -> list[dict[str, Any]]:
    urls = ("form_url", "bookmark_url", "reply_url", "flag_url", "person_url")
    others = dict.fromkeys(urls, "#actions") | {"reaction_choices": REACTIONS, "can_react": True}
    own = dict.fromkeys(("form_url", "bookmark_url", "reply_url", "edit_url", "withdraw_url"), "#actions")
    names = [("I hear you", "harbourlight, quietmonday"), ("Me too", "notebook")]
    return [
        others | {"number": 101, "thank_url": "#actions"},
        others | {"number": 102, "my_reactions": ["heard", "thinking"], "others_reacted": True},
        others | {"number": 103, "others_reacted": True, "reply_url": "", "bookmarked": True},
        others | {"number": 104, "bookmarked": True, "just_bookmarked": True, "note_url": "#actions"},
        own | {"number": 105, "mine": True, "reactors": names, "thanked_by": "Quiet Heron"},
    ]


def _taken_back(now: dt.datetime) -> dict[str, Any]:
    return {
        "post": {"number": 106},
        "words": "I wrote this at four and do not mean it any more.",
        "until": now + dt.timedelta(days=6),
        "put_back_url": "#actions",
    }


def _row(
    title: str, support: tuple[str, str], name: str, ago: dt.timedelta, now: dt.datetime, **more: Any
) -> dict[str, Any]:
    return {
        "url": "#rows",
        "unread_url": "#rows",
        "title": title,
        "support_type": support[0],
        "support_label": support[1],
        "notes": [],
        "author_name": name,
        "avatar": len(title),
        "board_title": "Nights",
        "last_said": time_ago(now - ago),
        "waiting": False,
        "unread": False,
        "new": False,
        "folded": False,
        "muted": False,
        "pinned": False,
        "locked": False,
        "archived": False,
        "unseen": "",
    } | more


def _rows(now: dt.datetime) -> list[dict[str, Any]]:
    listening, ideas = ("listening", "Just listening"), ("ideas", "Ideas welcome")
    similar, win = ("experiences", "Similar experiences"), ("win", "A small win")
    hour = dt.timedelta(hours=1)
    return [
        _row(
            "The hours between two and five",
            listening,
            "willow",
            3 * hour,
            now,
            unread=True,
            notes=["Self-harm"],
        ),
        _row("How do you answer “how are you” at work", ideas, "harbourlight", 30 * hour, now, waiting=True),
        _row("Evening check-in", similar, "ash_and_ember", hour, now, pinned=True, new=True),
        _row("Behind a fold", listening, "Quiet Heron", 5 * hour, now, notes=["Suicide"], folded=True, unread=True),
        _row("Too much for now", similar, "notebook", 9 * hour, now, muted=True, unseen="A moderator reads it first"),
        _row(
            "I opened the letter",
            win,
            "quietmonday",
            80 * hour,
            now,
            locked=True,
            notes=["Loss", "Substance use"],
        ),
    ]


def _hits(now: dt.datetime) -> list[dict[str, Any]]:
    written = now - dt.timedelta(days=40)
    passage = format_html("… the <mark>{0}</mark> is on and it is four. I sat with the <mark>{0}</mark> …", "kettle")
    shared = {"url": "#hits", "board_title": "Nights", "written": date(written, "j F Y"), "folded": False,
              "written_iso": date(written, "c"), "is_opening": False, "is_disguised": False, "notes": [],
              "passage": passage}  # fmt: skip
    return [
        shared | {"title": "The hours between two and five", "number": 17, "author_name": "quietmonday",
                  "support_type": "listening", "support_label": "Just listening"},
        shared | {"title": "Nobody at work knows", "number": 1, "is_opening": True, "author_name": "Quiet Heron",
                  "is_disguised": True, "support_type": "experiences", "support_label": "Similar experiences",
                  "notes": ["Loss"]},
        shared | {"title": "Behind a fold", "number": 2, "author_name": "harbourlight", "support_type": "ideas",
                  "support_label": "Ideas welcome", "notes": ["Suicide"], "folded": True},
    ]  # fmt: skip


def _cases(now: dt.datetime) -> list[dict[str, Any]]:
    hour = dt.timedelta(hours=1)
    shared = {
        "public_id": NOBODY,
        "url": "#",
        "claim_url": "#",
        "overdue": False,
        "reasons": [],
        "noticed": [],
        "claimed_by": "",
        "source": "a report by a member",
    }
    return [
        shared | {"priority": 1, "priority_label": "Crisis", "due_at": now - hour / 4, "overdue": True,
                  "title": "Reply 12 in “The hours between two and five”", "author_name": "quietmonday",
                  "reasons": ["I am worried about them"], "noticed": ["Words that may be a goodbye"],
                  "handed_over_at": now},
        shared | {"priority": 2, "priority_label": "Danger to others, methods", "due_at": now + hour,
                  "title": "Opening post of “What is left”", "author_name": "notebook", "claimed_by": "ash_and_ember",
                  "lease_until": now + hour / 2},
        shared | {"priority": 3, "priority_label": "Abuse, privacy, predation", "due_at": now + 4 * hour,
                  "title": "Reply 3 in “How do you answer”", "author_name": "somebody", "reasons": ["Unkind"],
                  "second_wanted_by": "ash_and_ember"},
        shared | {"priority": 4, "priority_label": "Everything else", "due_at": now + 23 * hour,
                  "title": "", "author_name": "", "reasons": ["Advertising", "Something else"],
                  "may_be_spam": True, "may_claim": True},
        shared | {"priority": 4, "priority_label": "Everything else", "due_at": now + 23 * hour,
                  "title": "Opening post of “A long week”", "author_name": "Quiet Heron", "asks_to_close": True,
                  "own_report": True},
    ]  # fmt: skip


def _lines(now: dt.datetime) -> list[dict[str, Any]]:
    call = {"kind": "call", "display": "000 000", "href": "tel:000000", "body": ""}
    text = {"kind": "text", "display": "00000", "href": "sms:00000", "body": "HELLO"}
    shared = {
        "hours": "24 hours a day, every day",
        "languages": ["English"],
        "cost": "Free",
        "review_by": now.date(),
    }
    return [
        shared
        | {
            "name": "A sample line",
            "who_for": "Anyone, about anything",
            "channels": [call, text],
            "verified": True,
        },
        shared
        | {
            "name": "Another sample line",
            "who_for": "People under 25",
            "channels": [text],
            "verified": False,
            "hours": "10 am to 10 pm, every day",
            "opening": True,
            "open_now": "Closed now. Opens tomorrow at 10:00, Dublin time.",
            "source": "https://line.example/",
            "source_host": "line.example",
        },
        shared
        | {
            "name": "A line that was checked long ago",
            "who_for": "Anyone who would rather call",
            "channels": [call],
            "verified": False,
            "overdue": True,
        },
    ]

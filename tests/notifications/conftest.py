from types import SimpleNamespace

import pytest
from django.urls import reverse

from forums.news import NEW_REPLY, REPLIED_TO_YOU
from notifications.models import Choice, Event
from tests import factories


@pytest.fixture
def reply(sign_in, member, other_member):
    """Post a reply by `other_member` to a thread of `member`; what happens on commit is the test's to say.

    `event` is the news for whom it answers, which goes by mail; `followed` the one for who follows along.
    """
    thread = factories.ThreadFactory(author=member, title="A very particular title", board__title="Night watch")

    def send(body="Secret words of comfort.", author=other_member, **fields):
        answer = sign_in(author).post(reverse("reply", args=[thread.public_id]), {"body": body, **fields})
        assert answer.status_code == 302
        post = thread.posts.latest("number")
        events = {event.kind: event for event in Event.objects.filter(target_id=post.pk)}
        return SimpleNamespace(
            thread=thread, post=post, event=events.get(REPLIED_TO_YOU.key), followed=events.get(NEW_REPLY.key)
        )

    return send


@pytest.fixture
def choose(db):
    """`choose(somebody, KIND, Channel.MAIL)`: how far this kind of news goes for them."""

    def at(member, kind, channel):
        Choice.objects.update_or_create(member=member, kind=kind.choice, defaults={"channel": channel})

    return at

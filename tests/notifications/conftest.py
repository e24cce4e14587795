from types import SimpleNamespace

import pytest
from django.urls import reverse

from notifications.models import Event
from tests import factories


@pytest.fixture
def reply(sign_in, member, other_member):
    """Post a reply by `other_member` to a thread of `member`; what happens on commit is the test's to say."""
    thread = factories.ThreadFactory(author=member, title="A very particular title", board__title="Night watch")

    def send(body="Secret words of comfort.", author=other_member, **fields):
        answer = sign_in(author).post(reverse("reply", args=[thread.public_id]), {"body": body, **fields})
        assert answer.status_code == 302
        post = thread.posts.latest("number")
        return SimpleNamespace(thread=thread, post=post, event=Event.objects.filter(target_id=post.pk).first())

    return send

import pytest
from django.urls import reverse

from tests import factories


@pytest.fixture
def rule(db):
    return factories.RuleFactory(title="No insults, no belittling")


@pytest.fixture
def report(sign_in):
    """Report `post` as `who`, with the form that its page shows."""

    def send(who, post, reason="abuse", note=""):
        return sign_in(who).post(reverse("flag", args=["post", post.public_id]), {"reason": reason, "note": note})

    return send


@pytest.fixture
def report_person(sign_in):
    def send(who, person, reason="grooming", note=""):
        address = reverse("flag", args=["profile", person.public_id])
        return sign_in(who).post(address, {"reason": reason, "note": note})

    return send


@pytest.fixture
def case(scene):
    """An open case about the scene's reply, reported by a third."""
    return factories.flag(scene.reply).case


@pytest.fixture
def claim(sign_in):
    def take(who, case):
        return sign_in(who).post(reverse("claim", args=[case.public_id]), follow=True)

    return take


@pytest.fixture
def decide(sign_in, rule):
    """Send the decision form as `who`: hide, with a rule and a reason, unless the test says otherwise.

    They claim the case before, if it is free.
    """

    def send(who, case, **changes):
        factories.claimed(case, by=who)
        form = {
            "action": "hide",
            "rule": rule.pk,
            "reason": "It tells somebody to pull themselves together.",
            "private_note": "Second time this week.",
            "version": case.version,
        }
        answer = sign_in(who).post(reverse("decide", args=[case.public_id]), form | changes)
        factories.let_settle()
        return answer

    return send

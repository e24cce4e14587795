"""Questions and answers for tests."""

import datetime as dt
from typing import Any

from django.utils import timezone

from members.models import Member
from resources.models import Answer, Professional, Question, Topic
from resources.services import answering, asking
from tests import factories

TITLE, BODY = (
    "Does light therapy help in winter?",
    "I read about lamps. What do studies say, and who should be careful?",
)
FORM = {"topic": "body-and-mind", "title": TITLE, "body": BODY}
CHECKS = ["general", "sure", "help", "plain", "private"]
NEVER = "Please see a doctor if it gets worse. Studies are small."


def asked(author: Member, **fields: Any) -> Question:
    """A question that waits for a curator."""
    values: dict[str, Any] = {"topic": Topic.BODY, "title": TITLE, "body": BODY, "is_anonymous": True} | fields
    return asking.ask_question(author=author, **values)


def passed_on(author: Member, curator: Member, **fields: Any) -> Question:
    question = asked(author, **fields)
    asking.accept_question(actor=curator, question=question, version=question.version, topic=Topic(question.topic))
    question.refresh_from_db()
    return question


def professional(*, member: Member | None = None, by: Member | None = None, **fields: Any) -> Professional:
    """Somebody whose registration was looked up today."""
    today = timezone.localdate()
    values = {
        "field": "Clinical psychologist",
        "register": "HCPC",
        "registration_number": "PYL00000",
        "checked_on": today,
        "check_again_by": today + dt.timedelta(days=365),
    }
    return Professional.objects.create(
        member=member or factories.MemberFactory(), checked_by=by or factories.MemberFactory(), **values | fields
    )


def handed_in(question: Question, who: Professional, body: str = NEVER) -> Answer:
    return answering.save_answer(professional=who, question=question, body=body, version=0, hand_in=True)


def answered(author: Member, curator: Member, who: Professional, **fields: Any) -> Question:
    """A question that went the whole way."""
    question = passed_on(author, curator, **fields)
    answer = handed_in(question, who)
    answering.show_answer(actor=curator, answer=answer, version=answer.version)
    question.refresh_from_db()
    return question

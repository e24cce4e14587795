"""Where it takes a case to restrict something: with a rule, a statement of reasons and an appeal."""

from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from moderation import registry
from moderation.access.claims import left_to_colleagues
from moderation.models import Case, Decision


@dataclass(frozen=True, slots=True)
class TakesCase:
    """Why, in a sentence for the moderator, and the case that says more."""

    sentence: str
    url: str


def takes_case(moderator: Member, subject: Model) -> TakesCase | None:
    """Why `moderator` restricts `subject` only by a decision: there is a case about it, somebody else has judged an
    appeal about it, or they reported it themselves. None otherwise, and of a case about them. One query."""
    about = Case.objects.filter(subject_kind=registry.of(subject).kind, subject_id=subject.pk).exclude(author=moderator)
    was_judged = Exists(Decision.objects.filter(case=OuterRef("pk"), replaces__isnull=False))
    why = Q(state=Case.State.OPEN) | Q(was_judged) | left_to_colleagues(moderator)
    # One that is open is the latest.
    case = about.filter(why).annotate(was_judged=was_judged).order_by("-id").first()
    if case is None:
        return None
    if case.state == Case.State.OPEN:
        sentence = _("There is a case about this. What restricts it is decided there, with a rule and a way to appeal.")
    elif case.was_judged:
        sentence = _(
            "After an appeal somebody else decided about this. To restrict it again takes a case of its own: if "
            "something new has happened, you could report it."
        )
    else:
        sentence = _("You reported this, so a colleague decides what restricts it.")
    return TakesCase(sentence, reverse("case", args=[case.public_id]))

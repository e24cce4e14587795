"""What others see of a member, and how the site shows itself to them."""

import re
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.forms import FieldsForm
from members.models import AVATARS, Member
from members.models.member import ABOUT_MAX, PRONOUNS_MAX, SESSION_MINUTES
from members.names import not_a_phone_number

# So many avatars are shown to choose from, and every so many after them others.
OFFERED = 12
# After the last row of them comes the first again.
ROWS = 8
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|https?://|\bwww\.", re.IGNORECASE)


def not_a_way_to_reach(value: str) -> None:
    """Everybody here reads it, and some people collect such things."""
    if _ADDRESS.search(value):
        raise ValidationError(
            _("There is an address in this. Everybody here could read it, so it was not kept. Your words are below."),
            code="address",
        )
    not_a_phone_number(value)


class ProfileForm(FieldsForm):
    avatar = forms.TypedChoiceField(label=_("Picture"), coerce=int, widget=forms.RadioSelect)
    pronouns = forms.CharField(
        label=_("Pronouns"),
        max_length=PRONOUNS_MAX,
        required=False,
        validators=[not_a_way_to_reach],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        help_text=_("How others could speak of you, if you want that."),
    )
    about = forms.CharField(
        label=_("A few words about you"),
        max_length=ABOUT_MAX,
        required=False,
        validators=[not_a_way_to_reach],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Everybody here can read them. Leave out what would tell who you are."),
    )
    shows_posts = forms.BooleanField(
        label=_("Show my posts on my profile"),
        help_text=_("What you wrote with your name. Never a thread that you posted anonymously."),
        required=False,
    )

    def __init__(self, member: Member, data: QueryDict | None = None, *, others: int = 0) -> None:
        initial = {name: getattr(member, name) for name in ("avatar", "pronouns", "about", "shows_posts")}
        super().__init__(data, initial=initial)
        # Whatever was chosen on an earlier row of pictures can be sent from this one.
        self.fields["avatar"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, see above
            (seed, str(seed)) for seed in range(AVATARS)
        ]
        self.offered = offered(member, others)

    @property
    def pictures(self) -> Sequence[tuple[int, bool]]:
        """Seed, and whether it is the chosen one."""
        chosen = str(self["avatar"].value())
        seeds = self.offered
        if self.is_bound and chosen.isdecimal() and int(chosen) < AVATARS and int(chosen) not in seeds:
            seeds = [*seeds, int(chosen)]
        return [(seed, str(seed) == chosen) for seed in seeds]


def offered(member: Member, others: int) -> list[int]:
    """The one they have, and OFFERED - 1 more, the same whenever they look; `others`: the how manyth row of these."""
    first = member.public_id.int % AVATARS
    step = 1 + others % (AVATARS // OFFERED)
    others_than_theirs = ((first + 37 * (step * OFFERED + place)) % AVATARS for place in range(OFFERED))
    return [member.avatar, *[seed for seed in others_than_theirs if seed != member.avatar][: OFFERED - 1]]


class PagesForm(FieldsForm):
    """How pages behave for one member."""

    session_minutes = forms.TypedChoiceField(
        label=_("Tell me how long I have been here"), required=False, coerce=int, empty_value=None
    )
    plain_titles = forms.BooleanField(
        label=_("Call every page the same"),
        help_text=_("In tabs and in the list of pages you visited there is only the site’s name."),
        required=False,
    )

    def __init__(self, member: Member, data: QueryDict | None = None) -> None:
        initial = {"session_minutes": member.session_minutes, "plain_titles": member.plain_titles}
        super().__init__(data, initial=initial)
        self.fields["session_minutes"].choices = [("", _("Never"))] + [  # type: ignore[attr-defined]  # as above
            (minutes, _after(minutes)) for minutes in SESSION_MINUTES
        ]
        self.fields["session_minutes"].help_text = _(
            "Once, with a quiet line above the page. Nothing is closed or counted."
        )


def _after(minutes: int) -> str:
    return ngettext("After %(minutes)s minute", "After %(minutes)s minutes", minutes) % {"minutes": minutes}

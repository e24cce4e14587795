"""What some of the demo's people say about themselves, and the lines that willow drew. Most say nothing, as in life."""

from collections.abc import Mapping
from typing import Any

from members.models import Member
from members.services import add_filter, mute

PROFILES: dict[str, dict[str, Any]] = {
    "willow": {"pronouns": "she/her", "about": "Evenings are the long part of my day. I answer slowly, and I do read."},
    "lamplighter": {
        "about": "Night shifts for nineteen years, and awake on the others.\nI keep a list of small repairs.",
        "shows_posts": True,
    },
    "saltmarsh": {
        "pronouns": "they/them",
        "about": "Some winters were hard. I learned to listen in a course for peer supporters, and still learn it.",
        "is_peer_supporter": True,
        "shows_posts": True,
    },
    "juniper": {"about": "I read what is reported, mostly in the mornings. Somebody else is here when I am not."},
}
MUTED = {"willow": "clear_path"}
FILTERED = {"willow": ("calories", True), "half_awake": ("hospital", False)}


def fill(members: Mapping[str, Member]) -> None:
    for name, said in PROFILES.items():
        Member.objects.filter(pk=members[name].pk).update(**said)
    for name, whom in MUTED.items():
        mute(muter=members[name], muted=members[whom])
    for name, (phrase, hides) in FILTERED.items():
        add_filter(member=members[name], phrase=phrase, whole_word=True, hides=hides)

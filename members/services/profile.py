"""What others see of a member, and how the site shows itself to them."""

from collections.abc import Mapping

from django.db import transaction

from members.models import Member

_WORDS = ("pronouns", "about")


def set_profile(*, member: Member, pronouns: str, about: str, shows_posts: bool, avatar_seed: int | None) -> bool:
    """Keep what others see beside the name. One query. Says whether anything changed.

    Raises:
        IntegrityError: no avatar is drawn from that seed.
    """
    wanted = {"pronouns": pronouns, "about": about, "shows_posts": shows_posts}
    if avatar_seed is not None:
        wanted["avatar_seed"] = avatar_seed
    return bool(Member.objects.filter(pk=member.pk).update(**wanted))


def set_pages(*, member: Member, session_minutes: int | None, plain_titles: bool) -> bool:
    """Keep after how many minutes they are told how long they have been here, None for never, and whether all pages
    are called the same. One query. Says whether anything changed.

    Raises:
        IntegrityError: the minutes are none of SESSION_MINUTES.
    """
    wanted = {"session_minutes": session_minutes, "plain_titles": plain_titles}
    return bool(Member.objects.filter(pk=member.pk).update(**wanted))


@transaction.atomic
def clear_words(*, member: Member) -> Mapping[str, str]:
    """Take what `member` says about themselves from their profile. Those words, {} where there were none.

    Locks the member's row.
    """
    locked = Member.objects.select_for_update(no_key=True).only(*_WORDS).get(pk=member.pk)
    words = {field: getattr(locked, field) for field in _WORDS}
    if not any(words.values()):
        return {}
    Member.objects.filter(pk=member.pk).update(**dict.fromkeys(_WORDS, ""))
    return words


def put_words_back(*, member: Member, words: Mapping[str, str]) -> bool:
    """What `clear_words` took, unless they wrote something else since, or left. Says whether anything changed."""
    empty = Member.objects.filter(pk=member.pk, is_active=True, **dict.fromkeys(_WORDS, ""))
    return bool(empty.update(**{field: words[field] for field in _WORDS}))

"""Pages that members keep for later. Nobody else sees which."""

from members.models import Member
from resources.models import ArticlePage, Saved
from resources.services import editions


def save_article(*, member: Member, article: ArticlePage) -> bool:
    """Says whether it is new."""
    editions.note_words(article)
    before = Saved.objects.filter(member=member, page=article).exists()
    Saved.objects.bulk_create([Saved(member=member, page=article)], ignore_conflicts=True)
    return not before


def forget_article(*, member: Member, page_id: int) -> bool:
    """Also a page that cannot be read any more. Says whether it was saved. One query."""
    deleted, _by_model = Saved.objects.filter(member=member, page=page_id).delete()
    return bool(deleted)

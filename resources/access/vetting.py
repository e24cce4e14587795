"""Who may look after which page."""

from django.http import Http404

from members.models import Member
from resources.models import ArticlePage


def get_page_to_keep(viewer: Member, pk: int) -> ArticlePage:
    """A page of the library, for a curator or an administrator who may edit it. One query for the page.

    Raises:
        Http404: there is none, or the viewer does not look after pages.
    """
    page: ArticlePage | None = ArticlePage.objects.filter(pk=pk).first()
    if page is None or not page.permissions_for_user(viewer).can_edit():
        raise Http404
    return page

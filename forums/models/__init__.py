"""Boards, threads, posts, and what readers do with them."""

from core.notes import ContentNote
from forums.models.boards import Board, Viewer
from forums.models.drafts import Draft
from forums.models.gatherings import Gathering, Occurrence, Weekday
from forums.models.posts import BODY_MAX, Post, PostRevision
from forums.models.reading import BoardFollow, Bookmark, Level, Reaction, ReadMark, ThreadFollow
from forums.models.search import IN_SPANS, SPANS, SearchEntry, SearchWord
from forums.models.threads import TITLE_MAX, SupportType, Thread, Visibility, WaitingOffer

__all__ = [
    "BODY_MAX",
    "IN_SPANS",
    "SPANS",
    "TITLE_MAX",
    "Board",
    "BoardFollow",
    "Bookmark",
    "ContentNote",
    "Draft",
    "Gathering",
    "Level",
    "Occurrence",
    "Post",
    "PostRevision",
    "Reaction",
    "ReadMark",
    "SearchEntry",
    "SearchWord",
    "SupportType",
    "Thread",
    "ThreadFollow",
    "Viewer",
    "Visibility",
    "WaitingOffer",
    "Weekday",
]

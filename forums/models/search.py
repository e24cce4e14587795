"""What search reads. Beside the posts, so that indexing rewrites none of them."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from forums.models.posts import Post


class SearchEntry(models.Model):
    """The words of one post, and of its thread's title where it opens the thread."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    vector = SearchVectorField()
    # When the post was written, for ranking.
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["SearchEntry"]] = models.Manager()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="searchentry_vector")]

    def __str__(self) -> str:
        return f"words of post {self.post_id}"


class SearchWord(models.Model):
    """A word that several posts use: what a mistyped one is compared with. Rebuilt each night."""

    word = models.CharField(max_length=40, primary_key=True)

    objects: ClassVar[models.Manager["SearchWord"]] = models.Manager()

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_trigrams")]

    def __str__(self) -> str:
        return self.word

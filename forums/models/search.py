"""What search reads. Beside the posts, so that indexing rewrites none of them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func

from forums.models.posts import Post

# A post lies in spans of so many binary digits of keys, each four times as long as the one before.
SPANS = (12, 14, 16, 18, 20)
# As one number a span: the key without these digits, and in its last three places which of SPANS it is.
IN_SPANS = Func(
    F("post"),
    template="ARRAY["
    + ", ".join(f"((%(expressions)s >> {digits}) << 3) | {nth}" for nth, digits in enumerate(SPANS))
    + "]",
    output_field=ArrayField(models.BigIntegerField()),
)


class SearchEntry(models.Model):
    """The words of one post, and of its thread's title where it opens the thread."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    vector = SearchVectorField()
    # When the post was written, for ranking.
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["SearchEntry"]] = models.Manager()

    class Meta:
        # With the spans beside the words, the index gives what is in the newest posts without a look at the others.
        # What waits to be sorted into it is read by every search, so little may.
        indexes = [GinIndex(IN_SPANS, F("vector"), name="searchentry_words", gin_pending_list_limit=64)]

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

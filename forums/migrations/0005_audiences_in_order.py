from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Those who follow are told in the order of their ids, a page at a time."""

    # Members go on writing while the indexes are made.
    atomic = False

    dependencies = [("forums", "0004_folded_until_a_moderator_looks")]

    operations = [
        AddIndexConcurrently(
            "threadfollow", models.Index(fields=["thread", "level", "member"], name="threadfollow_in_order")
        ),
        AddIndexConcurrently(
            "boardfollow", models.Index(fields=["board", "level", "member"], name="boardfollow_in_order")
        ),
        RemoveIndexConcurrently("threadfollow", "threadfollow_audience"),
        RemoveIndexConcurrently("boardfollow", "boardfollow_audience"),
    ]

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CASCADE, PROTECT = models.CASCADE, models.PROTECT
MEMBER = settings.AUTH_USER_MODEL


def without_its_index(
    model: str, name: str, field: "models.Field[object, object]", **indexes: str
) -> migrations.SeparateDatabaseAndState:
    """Lets go of the indexes that Django made for a field, by their names. Another one has what they had."""
    column = f"{name}_id" if isinstance(field, models.ForeignKey) else name
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON forums_{model} ({column} {kind})",
            )
            for index, kind in indexes.items()
        ],
        [migrations.AlterField(model, name, field)],
    )


def to(there: str, on_delete: object, related_name: str = "+", **more: bool) -> "models.Field[object, object]":
    return models.ForeignKey(there, on_delete, related_name=related_name, db_index=False, **more)


class Migration(migrations.Migration):
    """What somebody wrote today is found without all that they ever wrote; and of the indexes that each reply writes to,
    those go whose columns begin another one, or are asked for by nobody."""

    # Members go on writing while indexes are made.
    atomic = False

    dependencies = [("forums", "0006_words_in_spans"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        AddIndexConcurrently("post", models.Index(fields=["author", "-created_at", "-id"], name="post_author_recent")),
        AddIndexConcurrently(
            "post", models.Index(fields=["moved_to"], condition=models.Q(moved_to__isnull=False), name="post_moved_to")
        ),
        AddIndexConcurrently(
            "thread",
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="thread_merged_into"
            ),
        ),
        without_its_index("post", "thread", to("forums.thread", PROTECT, "posts"), forums_post_thread_id_ac854f30=""),
        without_its_index("post", "author", to(MEMBER, PROTECT, "posts"), forums_post_author_id_8db74d6d=""),
        without_its_index(
            "post",
            "moved_to",
            to("forums.post", PROTECT, null=True, blank=True),
            forums_post_moved_to_id_ccd70a90="",
        ),
        without_its_index("thread", "board", to("forums.board", PROTECT, "threads"), forums_thread_board_id_3f4f5c2b=""),
        without_its_index("thread", "author", to(MEMBER, PROTECT, "threads"), forums_thread_author_id_b0c15d60=""),
        without_its_index(
            "thread",
            "merged_into",
            to("forums.thread", PROTECT, null=True, blank=True),
            forums_thread_merged_into_id_d5e28e5b="",
        ),
        # Nothing is looked for by a slug.
        without_its_index(
            "thread",
            "slug",
            models.SlugField(max_length=60, db_index=False),
            forums_thread_slug_41e59d49="",
            forums_thread_slug_41e59d49_like="varchar_pattern_ops",
        ),
        without_its_index("reaction", "post", to("forums.post", CASCADE, "reactions"), forums_reaction_post_id_a69fd2b3=""),
        without_its_index("readmark", "member", to(MEMBER, CASCADE), forums_readmark_member_id_b0950cd0=""),
        without_its_index("threadfollow", "member", to(MEMBER, CASCADE), forums_threadfollow_member_id_a63a20db=""),
        without_its_index(
            "threadfollow", "thread", to("forums.thread", CASCADE), forums_threadfollow_thread_id_ea389f1c=""
        ),
        without_its_index("draft", "member", to(MEMBER, CASCADE, "drafts"), forums_draft_member_id_39759d83=""),
    ]

from django.db import migrations

# Whoever wrote before following existed hears what they heard until now.
FOLLOW = """
INSERT INTO forums_threadfollow (member_id, thread_id, level)
SELECT author_id, id, 'all' FROM forums_thread
ON CONFLICT DO NOTHING;
INSERT INTO forums_threadfollow (member_id, thread_id, level)
SELECT DISTINCT author_id, thread_id, 'replies' FROM forums_post
ON CONFLICT DO NOTHING;
"""
# Whose turn it is: the last post that members see says so.
WHO_WROTE_LAST = """
UPDATE forums_thread thread SET author_wrote_last = last.author_id = thread.author_id
FROM (
    SELECT DISTINCT ON (thread_id) thread_id, author_id FROM forums_post
    WHERE visibility = 'visible' ORDER BY thread_id, number DESC
) last
WHERE last.thread_id = thread.id;
"""


class Migration(migrations.Migration):
    dependencies = [("forums", "0002_drafts_edits_follows_search")]

    operations = [
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL(WHO_WROTE_LAST, migrations.RunSQL.noop),
    ]

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
from django.db import migrations

import moderation.models.record


class Migration(migrations.Migration):
    # The log may be long by now: it can be written while these are built.
    atomic = False

    dependencies = [("moderation", "0002_desk_and_appeals")]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "auditentry",
            django.contrib.postgres.indexes.GinIndex(
                fields=["details"], name="audit_details", opclasses=["jsonb_path_ops"]
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "auditentry",
            django.contrib.postgres.indexes.GinIndex(moderation.models.record.Words("details"), name="audit_words"),
        ),
    ]

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

SPANS = (
    "ARRAY[((%(expressions)s >> 12) << 3) | 0, ((%(expressions)s >> 14) << 3) | 1, ((%(expressions)s >> 16) << 3) | 2, "
    "((%(expressions)s >> 18) << 3) | 3, ((%(expressions)s >> 20) << 3) | 4]"
)


class Migration(migrations.Migration):
    """Words are looked for in the newest posts first."""

    # Members go on writing while the index is made.
    atomic = False

    dependencies = [("forums", "0005_audiences_in_order")]

    operations = [
        AddIndexConcurrently(
            "searchentry",
            GinIndex(
                models.Func(
                    models.F("post"),
                    template=SPANS,
                    output_field=django.contrib.postgres.fields.ArrayField(models.BigIntegerField()),
                ),
                models.F("vector"),
                name="searchentry_words",
                gin_pending_list_limit=64,
            ),
        ),
        RemoveIndexConcurrently("searchentry", "searchentry_vector"),
    ]

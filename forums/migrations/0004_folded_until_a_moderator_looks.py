from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

VISIBILITIES = [
    ("visible", "visible"),
    ("held", "held"),
    ("hidden", "hidden"),
    ("removed", "removed"),
    ("withdrawn", "taken back by the author"),
    ("folded", "folded until a moderator looks"),
    ("moved", "moved"),
]


class Migration(migrations.Migration):
    # Members go on writing while the rows are checked.
    atomic = False

    dependencies = [("forums", "0003_follow_what_was_written")]

    operations = [
        migrations.AlterField(
            "post", "visibility", models.CharField(choices=VISIBILITIES, default="visible", max_length=10)
        ),
        migrations.AlterField(
            "thread", "visibility", models.CharField(choices=VISIBILITIES, default="visible", max_length=10)
        ),
        migrations.RemoveConstraint("post", "post_visibility"),
        AddConstraintNotValid(
            "post",
            models.CheckConstraint(
                condition=models.Q(visibility__in=[value for value, _label in VISIBILITIES]), name="post_visibility"
            ),
        ),
        ValidateConstraint("post", "post_visibility"),
    ]

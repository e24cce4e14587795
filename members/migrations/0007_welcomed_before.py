from django.db import migrations
from django.db.models.functions import Now


def were_here_before(apps, schema_editor):
    """Whoever was a member before there was a welcome is not led through one. What they agree to is asked all the same."""
    apps.get_model("members", "Member").objects.filter(welcomed_at=None).update(welcomed_at=Now())


class Migration(migrations.Migration):
    dependencies = [("members", "0006_boundaries_and_leaving")]
    operations = [migrations.RunPython(were_here_before, migrations.RunPython.noop, elidable=True)]

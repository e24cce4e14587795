from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0004_time_zone'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='seen_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0003_log_search'),
    ]

    operations = [
        migrations.AlterField(
            model_name='template',
            name='purpose',
            field=models.CharField(choices=[('reason', 'reason in a decision'), ('contact', 'reaching out to somebody in distress'), ('aftercare', 'aftercare in a thread'), ('decline', 'kindly not answering a question to professionals')], max_length=10),
        ),
    ]

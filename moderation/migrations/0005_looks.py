import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("moderation", "0004_templates_for_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("author", "who wrote under another name"),
                            ("asker", "who asked a question without a name"),
                            ("versions", "earlier versions of a post"),
                            ("address", "their e-mail address"),
                            ("sessions", "where they are signed in"),
                            ("filters", "what they would rather not meet: words and content notes"),
                            ("mails", "what became of their mails"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "looked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("withheld_until", models.DateField(blank=True, null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="look", to="moderation.auditentry"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks_at",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["member", "-id"], name="look_member")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("door__in", ["author", "asker", "versions", "address", "sessions", "filters", "mails"])
                        ),
                        name="look_door",
                    )
                ],
            },
        ),
    ]

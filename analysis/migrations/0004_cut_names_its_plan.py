from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_tracking")]

    operations = [
        migrations.RemoveConstraint("datacut", "cut_ready_has_hash_and_folder"),
        migrations.AddField(
            "datacut",
            "plan",
            models.CharField(default="published", max_length=40, verbose_name="plan"),
            preserve_default=False,
        ),
        migrations.AddField(
            "datacut",
            "plan_version",
            models.CharField(default="1.0", max_length=20, verbose_name="version"),
            preserve_default=False,
        ),
        migrations.AddField(
            "datacut", "reason", models.CharField(blank=True, max_length=600)
        ),
        migrations.AlterField(
            "datacut",
            "as_of",
            models.DateTimeField(blank=True, null=True, verbose_name="as of"),
        ),
        migrations.AddConstraint(
            "datacut",
            models.CheckConstraint(
                condition=Q(state="waiting", sha256="", folder="", reason="")
                | (
                    Q(state="ready", as_of__isnull=False, reason="")
                    & ~Q(sha256="")
                    & ~Q(folder="")
                )
                | (Q(state="failed", sha256="", folder="") & ~Q(reason="")),
                name="cut_facts_go_with_its_state",
            ),
        ),
    ]

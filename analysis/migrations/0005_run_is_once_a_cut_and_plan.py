from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0004_cut_names_its_plan")]

    operations = [
        migrations.AddConstraint(
            "run",
            models.UniqueConstraint(
                fields=["cut", "plan", "plan_version"], name="run_once_a_cut_and_plan"
            ),
        ),
    ]

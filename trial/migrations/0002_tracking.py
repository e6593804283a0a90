from django.db import migrations

from records.tracking import track


class Migration(migrations.Migration):
    dependencies = [("trial", "0001_initial"), ("records", "0002_tracking")]

    operations = track(
        "trial_participant",
        "trial_screening",
        "trial_consent",
        "trial_baseline",
        "trial_visit",
        "trial_infusion",
        "trial_interruption",
        "trial_vitalsigns",
    )

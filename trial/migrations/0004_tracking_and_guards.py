from django.db import migrations

from records.tracking import track
from trial.guards import DROP_LEDGER, DROP_START, LEDGER, START


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0003_gate_deviations_endings"),
        ("records", "0002_tracking"),
    ]

    operations = [
        *track(
            "trial_gate",
            "trial_halt",
            "trial_signedexception",
            "trial_lot",
            "trial_movement",
            "trial_preparation",
            "trial_symptom",
            "trial_rescuedose",
            "trial_discharge",
        ),
        migrations.RunSQL(START, DROP_START),
        migrations.RunSQL(LEDGER, DROP_LEDGER),
        *track(
            "trial_deviation",
            "trial_ending",
            "trial_contactattempt",
            "trial_protocolinforce",
            "trial_chair",
            "trial_calendarfeed",
            "trial_assignment",
            "trial_identity",
        ),
    ]

from django.db import migrations

from records.guarding import DROP_FUNCTIONS, FUNCTIONS, guard
from records.tracking import track

OF_ROW = "SELECT form_id FROM changed"
OF_ANSWER = (
    "SELECT a.form_id FROM changed c "
    "JOIN assessments_assessment a ON a.id = c.assessment_id"
)
OF_BASELINE = (
    "SELECT f.id AS form_id FROM changed c JOIN records_form f "
    "ON f.participant_id = c.participant_id AND f.code = 'baseline'"
)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_holds"),
        ("trial", "0002_tracking"),
        ("assessments", "0002_tracking"),
    ]

    operations = [
        *track("records_hold"),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        guard("records_form", inserts=False),
        guard("records_draft", OF_ROW),
        guard("assessments_assessment", OF_ROW),
        guard("assessments_answer", OF_ANSWER),
        guard("trial_baseline", OF_BASELINE),
        guard("trial_participant"),
        guard("trial_screening"),
        guard("trial_consent"),
        guard("trial_visit"),
        guard("trial_infusion"),
        guard("trial_interruption"),
        guard("trial_vitalsigns"),
    ]

from django.db import migrations

from records.tracking import track


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("records", "0002_tracking")]

    operations = track(
        "assessments_assessment",
        "assessments_answer",
    )

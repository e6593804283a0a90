from django.db import migrations

from records.tracking import track


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_initial"), ("records", "0002_tracking")]

    operations = track(
        "analysis_datacut",
        "analysis_run",
        "analysis_analysisresult",
    )

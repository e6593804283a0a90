from django.db import migrations

from records.tracking import track


class Migration(migrations.Migration):
    dependencies = [("labs", "0002_initial"), ("records", "0002_tracking")]

    operations = track(
        "labs_analyte",
        "labs_analytename",
        "labs_specimen",
        "labs_plateupload",
        "labs_plate",
        "labs_well",
        "labs_measurement",
        "labs_result",
    )

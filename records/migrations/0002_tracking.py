from django.db import migrations

from records.tracking import DROP_FUNCTION, FUNCTION, track


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        *track(
            "accounts_site",
            "accounts_laboratory",
            "accounts_holiday",
            "accounts_membership",
            "records_form",
            "records_query",
            "records_querymessage",
            "records_signature",
        ),
    ]

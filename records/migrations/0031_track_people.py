from django.db import migrations

from records.tracking import track


class Migration(migrations.Migration):
    dependencies = [("records", "0030_mail"), ("accounts", "0002_milestones")]

    operations = track("accounts_milestone")

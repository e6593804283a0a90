from django.db import migrations

from labs.analytes import ANALYTES, spelling


def add(apps, schema_editor):
    analyte_model = apps.get_model("labs", "Analyte")
    name_model = apps.get_model("labs", "AnalyteName")
    for position, (code, name, others) in enumerate(ANALYTES, 1):
        analyte = analyte_model.objects.create(code=code, name=name, position=position)
        for text in dict.fromkeys(spelling(each) for each in (name, *others)):
            name_model.objects.create(analyte=analyte, spelling=text)


class Migration(migrations.Migration):
    dependencies = [("labs", "0003_tracking")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

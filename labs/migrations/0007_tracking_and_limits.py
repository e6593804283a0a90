from django.db import migrations

from labs.quality import DEFAULTS
from records.tracking import track

FIXED = """
CREATE FUNCTION labs_limits_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM labs_plate WHERE state IN ('accepted', 'approved'))
       OR EXISTS (SELECT FROM labs_result) THEN
        RAISE EXCEPTION 'quality limits are fixed once a plate is accepted'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'quality_limits_fixed_after_first_acceptance';
    END IF;
    RETURN NULL;
END
$function$;

CREATE TRIGGER quality_limits_fixed_after_first_acceptance
    AFTER INSERT OR UPDATE OR DELETE ON labs_qualitylimit
    FOR EACH ROW EXECUTE FUNCTION labs_limits_are_fixed();
"""
OPEN = """
DROP TRIGGER quality_limits_fixed_after_first_acceptance ON labs_qualitylimit;
DROP FUNCTION labs_limits_are_fixed();
"""


def add(apps, schema_editor):
    model = apps.get_model("labs", "QualityLimit")
    for code, value in DEFAULTS.items():
        model.objects.create(code=code, value=value)


class Migration(migrations.Migration):
    dependencies = [
        ("labs", "0006_specimens_lots_quality"),
        ("records", "0005_tracking_and_guards"),
    ]

    operations = [
        *track(
            "labs_aliquot",
            "labs_aliquotstep",
            "labs_box",
            "labs_drawconditions",
            "labs_specimenstep",
            "labs_kitlot",
            "labs_lotlevel",
            "labs_qualitylimit",
            "labs_plateanalyte",
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunSQL(FIXED, OPEN),
        *track("labs_layout", "labs_layoutwell"),
    ]

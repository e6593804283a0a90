"""Track plans and verifications; a change of a verified value takes the mark back.

Done where every change passes, at the events: whatever writes a tracked row, a page or
plain SQL, loses the marks on exactly the columns that it touched.
"""

from django.db import migrations

from records.tracking import track

UNDO = """
CREATE FUNCTION records_undo_verification() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
BEGIN
    -- Asked first: an update of no row fires the triggers of events too, without end.
    IF EXISTS (
        SELECT FROM records_verification v JOIN new_rows e
            ON e.table_name = v.table_name AND e.row_id = v.row_id
        WHERE v.undone_at IS NULL AND e.kind <> 'insert'
            AND (e.kind = 'delete' OR e.new ?| v.columns::text[])
    ) THEN
        UPDATE records_verification v SET undone_at = clock_timestamp()
        FROM new_rows e
        WHERE v.undone_at IS NULL AND e.kind <> 'insert'
            AND e.table_name = v.table_name AND e.row_id = v.row_id
            AND (e.kind = 'delete' OR e.new ?| v.columns::text[]);
    END IF;
    RETURN NULL;
END
$function$;
CREATE TRIGGER undo_verification AFTER INSERT ON records_event
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_undo_verification();
"""
DROP = """
DROP TRIGGER undo_verification ON records_event;
DROP FUNCTION records_undo_verification();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0022_verification")]

    operations = [
        *track("records_verificationplan", "records_verification"),
        migrations.RunSQL(UNDO, DROP),
    ]

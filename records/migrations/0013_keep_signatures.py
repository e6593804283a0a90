from django.db import migrations

from records.tracking import track

KEEP = """
CREATE FUNCTION records_keep_signature() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM records_signerstatement s
                       WHERE s.person_id = NEW.person_id) THEN
            RAISE EXCEPTION 'Nobody signs before stating that a signature binds them.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF to_jsonb(OLD) - '{fallen_at,fallen_reason}'::text[]
            IS DISTINCT FROM to_jsonb(NEW) - '{fallen_at,fallen_reason}'::text[]
            OR OLD.fallen_at IS NOT NULL THEN
        RAISE EXCEPTION 'A signature falls once; nothing else of it changes.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$function$;
CREATE TRIGGER keeps_what_was_signed BEFORE INSERT OR UPDATE ON records_signature
    FOR EACH ROW EXECUTE FUNCTION records_keep_signature();
"""
LET_GO = """
DROP TRIGGER keeps_what_was_signed ON records_signature;
DROP FUNCTION records_keep_signature();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0012_signer_statement")]

    operations = [
        *track("records_signerstatement"),
        migrations.RunSQL(KEEP, LET_GO),
    ]

"""Replacements of second factors, and people themselves, leave events.

Of a person the trail holds who they are and whether they may come in, never their
password or when they last came.
"""

from django.db import migrations

from records.tracking import track

PEOPLE = """
CREATE FUNCTION records_facts_of_person(j jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $function$
    SELECT j - '{password,last_login}'::text[]
$function$;

CREATE FUNCTION records_write_event_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
DECLARE
    context jsonb := coalesce(nullif(current_setting('sixfold.context', true), ''),
                              '{}')::jsonb;
    before jsonb;
    after jsonb := records_facts_of_person(to_jsonb(NEW));
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(f.key, o->f.key), jsonb_object_agg(f.key, f.value)
        INTO before, after
        FROM records_facts_of_person(to_jsonb(OLD)) o, jsonb_each(after) f
        WHERE o->f.key IS DISTINCT FROM f.value;
    END IF;
    IF after IS NOT NULL THEN
        INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, new,
            at, database_role, person_id, role, request, task, reason)
        SELECT pg_current_xact_id()::text::bigint, TG_TABLE_NAME, NEW.id,
            lower(TG_OP), before, after, clock_timestamp(), session_user, c.*
        FROM records_context(context) c;
    END IF;
    RETURN NULL;
END
$function$;

CREATE TRIGGER event_of_person AFTER INSERT OR UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION records_write_event_of_person();
CREATE TRIGGER keeps_its_id BEFORE UPDATE OF id ON accounts_user
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION records_keep_id();
"""
PEOPLE_UNTRACKED = """
DROP TRIGGER event_of_person ON accounts_user;
DROP TRIGGER keeps_its_id ON accounts_user;
DROP FUNCTION records_write_event_of_person();
DROP FUNCTION records_facts_of_person(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0031_track_people"),
        ("accounts", "0005_factor_replacement"),
    ]

    operations = [
        *track("accounts_factorreplacement"),
        migrations.RunSQL(PEOPLE, PEOPLE_UNTRACKED),
    ]

from django.db import migrations

from records.guarding import DROP_FUNCTIONS, FUNCTIONS, guard
from records.tracking import track

OF_ROW = "SELECT form_id FROM changed"
OF_ANSWER = (
    "SELECT a.form_id FROM changed c "
    "JOIN assessments_assessment a ON a.id = c.assessment_id"
)
OF_BASELINE = (
    "SELECT f.id AS form_id FROM changed c JOIN records_form f "
    "ON f.participant_id = c.participant_id AND f.code = 'baseline'"
)

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

# Threads of before had no kinds: the first entry asked, the last of a closed one closed
# it, those between answered.
ANSWERS = """
UPDATE records_querymessage later SET kind = 'answer' WHERE EXISTS (
    SELECT FROM records_querymessage first
    WHERE first.query_id = later.query_id AND first.id < later.id)
"""
CLOSINGS = """
WITH last AS (
    SELECT DISTINCT ON (m.query_id) m.id, m.query_id, m.written_by_id
    FROM records_querymessage m JOIN records_query q ON q.id = m.query_id
    WHERE q.state = 'closed' ORDER BY m.query_id, m.id DESC
), closed AS (
    UPDATE records_query q SET closed_by_id = last.written_by_id
    FROM last WHERE last.query_id = q.id
)
UPDATE records_querymessage m SET kind = 'closed' FROM last WHERE last.id = m.id
"""

# A change of a verified value takes the mark back. Done where every change passes, at
# the events: whatever writes a tracked row, a page or plain SQL, loses the marks on
# exactly the columns that it touched.
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
UNDO_NOTHING = """
DROP TRIGGER undo_verification ON records_event;
DROP FUNCTION records_undo_verification();
"""

# Of a person the trail holds who they are and whether they may come in, never their
# password or when they last came.
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
        ("records", "0004_holds_queries_mail"),
        ("accounts", "0002_people_roles_milestones"),
        ("trial", "0002_tracking"),
        ("assessments", "0002_tracking"),
    ]

    operations = [
        *track("records_hold"),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        guard("records_form", inserts=False),
        guard("records_draft", OF_ROW),
        guard("assessments_assessment", OF_ROW),
        guard("assessments_answer", OF_ANSWER),
        guard("trial_baseline", OF_BASELINE),
        guard("trial_participant"),
        guard("trial_screening"),
        guard("trial_consent"),
        guard("trial_visit"),
        guard("trial_infusion"),
        guard("trial_interruption"),
        guard("trial_vitalsigns"),
        *track("records_signerstatement"),
        migrations.RunSQL(KEEP, LET_GO),
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSINGS, migrations.RunSQL.noop),
        *track("records_verificationplan", "records_verification"),
        migrations.RunSQL(UNDO, UNDO_NOTHING),
        *track("accounts_milestone", "accounts_factorreplacement"),
        migrations.RunSQL(PEOPLE, PEOPLE_UNTRACKED),
    ]

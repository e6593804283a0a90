"""Track a table: the database itself writes one event for each row that changes.

Statement-level triggers read the transition tables, so that a bulk insert of ten rows
costs one statement. The function runs as the owner of the tables; the role of web and
worker has no right to write events, or to switch a trigger off.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION records_write_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
DECLARE
    context jsonb := coalesce(nullif(current_setting('sixfold.context', true), ''),
                              '{}')::jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, new,
            participant_id, site_id, at, database_role,
            person_id, role, request, task, reason)
        SELECT pg_current_xact_id()::text::bigint, TG_TABLE_NAME, (n.j->>'id')::bigint,
            'insert', NULL, n.j, records_participant_of(TG_TABLE_NAME, n.j),
            (n.j->>'site_id')::bigint, clock_timestamp(), session_user, c.*
        FROM (SELECT to_jsonb(r) AS j FROM new_rows r) n, records_context(context) c
        ORDER BY (n.j->>'id')::bigint;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, new,
            participant_id, site_id, at, database_role,
            person_id, role, request, task, reason)
        SELECT pg_current_xact_id()::text::bigint, TG_TABLE_NAME, (o.j->>'id')::bigint,
            'delete', o.j, NULL, records_participant_of(TG_TABLE_NAME, o.j),
            (o.j->>'site_id')::bigint, clock_timestamp(), session_user, c.*
        FROM (SELECT to_jsonb(r) AS j FROM old_rows r) o, records_context(context) c
        ORDER BY (o.j->>'id')::bigint;
    ELSE
        INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, new,
            participant_id, site_id, at, database_role,
            person_id, role, request, task, reason)
        SELECT pg_current_xact_id()::text::bigint, TG_TABLE_NAME, (o.j->>'id')::bigint,
            'update', d.old, d.new, records_participant_of(TG_TABLE_NAME, n.j),
            (n.j->>'site_id')::bigint, clock_timestamp(), session_user, c.*
        FROM (SELECT to_jsonb(r) AS j FROM old_rows r) o
        JOIN (SELECT to_jsonb(r) AS j FROM new_rows r) n
            ON n.j->>'id' = o.j->>'id'
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(f.key, o.j->f.key) AS old,
                   jsonb_object_agg(f.key, f.value) AS new
            FROM jsonb_each(n.j) f WHERE o.j->f.key IS DISTINCT FROM f.value
        ) d, records_context(context) c
        WHERE d.new IS NOT NULL
        ORDER BY (o.j->>'id')::bigint;
    END IF;
    RETURN NULL;
END
$function$;

CREATE FUNCTION records_participant_of(table_name text, j jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $function$
    SELECT CASE WHEN table_name = 'trial_participant' THEN (j->>'id')::bigint
                ELSE (j->>'participant_id')::bigint END
$function$;

CREATE FUNCTION records_context(context jsonb, OUT person_id bigint, OUT role text,
    OUT request text, OUT task text, OUT reason text)
LANGUAGE sql IMMUTABLE AS $function$
    SELECT (context->>'person')::bigint, coalesce(context->>'role', ''),
           coalesce(context->>'request', ''), coalesce(context->>'task', ''),
           coalesce(context->>'reason', '')
$function$;

CREATE FUNCTION records_keep_id() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'the id of a row of % is never changed', TG_TABLE_NAME;
END
$function$;
"""

DROP_FUNCTION = """
DROP FUNCTION records_write_events();
DROP FUNCTION records_participant_of(text, jsonb);
DROP FUNCTION records_context(jsonb);
DROP FUNCTION records_keep_id();
"""

TRACK = """
CREATE TRIGGER event_of_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_write_events();
CREATE TRIGGER event_of_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_write_events();
CREATE TRIGGER event_of_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_write_events();
CREATE TRIGGER keeps_its_id BEFORE UPDATE OF id ON {table}
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION records_keep_id();
"""

UNTRACK = """
DROP TRIGGER event_of_insert ON {table};
DROP TRIGGER event_of_update ON {table};
DROP TRIGGER event_of_delete ON {table};
DROP TRIGGER keeps_its_id ON {table};
"""


def track(*tables: str) -> list[migrations.RunSQL]:
    """Migration operations that track these tables from now on."""
    return [
        migrations.RunSQL(TRACK.format(table=table), UNTRACK.format(table=table))
        for table in tables
    ]

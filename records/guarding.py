"""Guard a table: the database refuses a change of what is held, whoever writes it.

What is held stands in `records_hold`; a row is held when it, its form, visit, infusion,
participant, site or the trial is. A change that is not refused lets fall the signatures
that stood on it: those on the row's forms, and the investigator's on the casebook of
the participant. The triggers see a statement's rows together, as those of
`records.tracking` do.

Placing a hold waits for transactions that have written under the lock that every change
takes (shared), so that none of them commits a change to what is held by then.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION records_scopes(own text, j jsonb)
RETURNS TABLE (scope text, scope_id bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $function$
BEGIN
    RETURN QUERY SELECT 'trial', 0::bigint;
    RETURN QUERY SELECT split_part(own, '_', 2), (j->>'id')::bigint;
    RETURN QUERY SELECT s, (j->>(s || '_id'))::bigint
        FROM unnest(ARRAY['site', 'participant', 'visit', 'infusion', 'form']) s
        WHERE j->>(s || '_id') IS NOT NULL;
    RETURN QUERY SELECT 'site', p.site_id FROM trial_participant p
        WHERE j->>'site_id' IS NULL AND p.id = (j->>'participant_id')::bigint;
    RETURN QUERY SELECT t.model::text, (j->>'about_id')::bigint
        FROM django_content_type t WHERE t.id = (j->>'about_type_id')::integer;
END
$function$;

CREATE FUNCTION records_hold_on(own text, j jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $function$
BEGIN
    PERFORM pg_advisory_xact_lock_shared('records_hold'::regclass::bigint);
    RETURN (
        SELECT max(h.level) FROM records_hold h
        JOIN records_scopes(own, j) s USING (scope, scope_id)
        WHERE h.lifted_at IS NULL
    );
END
$function$;

CREATE FUNCTION records_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    forms bigint[];
    level text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared('records_hold'::regclass::bigint);
    IF TG_NARGS > 0 THEN
        EXECUTE 'SELECT array_agg(DISTINCT form_id) FROM (' || TG_ARGV[0] || ') f'
            INTO forms;
    END IF;
    IF EXISTS (SELECT FROM records_hold WHERE lifted_at IS NULL) THEN
        SELECT max(records_hold_on(TG_TABLE_NAME, to_jsonb(r))) INTO level
            FROM changed r;
        SELECT greatest(level, max(records_hold_on('records_form', to_jsonb(f))))
            INTO level FROM records_form f WHERE f.id = ANY (forms);
        IF level IS NOT NULL THEN
            RAISE EXCEPTION 'This is %: a row of % that is % takes no change.',
                level, TG_TABLE_NAME, level
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'hold_refuses_a_change';
        END IF;
    END IF;
    IF TG_TABLE_NAME <> 'records_draft' THEN
        PERFORM records_let_fall(TG_TABLE_NAME, 'form', forms);
        IF EXISTS (SELECT FROM records_signature s JOIN django_content_type t
                   ON t.id = s.target_type_id AND t.model = 'participant'
                   WHERE s.fallen_at IS NULL AND s.meaning = 'approved') THEN
            PERFORM records_let_fall(TG_TABLE_NAME, 'participant', array_agg(DISTINCT
                records_participant_of(TG_TABLE_NAME, to_jsonb(r)))) FROM changed r;
        END IF;
    END IF;
    RETURN NULL;
END
$function$;

CREATE FUNCTION records_let_fall(changed text, kind text, ids bigint[]) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $function$
    UPDATE records_signature s SET fallen_at = clock_timestamp(),
        fallen_reason = left(coalesce(
            nullif(nullif(current_setting('sixfold.context', true), '')::jsonb
                   ->> 'reason', ''),
            'changed: ' || changed), 300)
    FROM django_content_type t
    WHERE t.id = s.target_type_id AND t.model = kind
        AND s.target_id = ANY (ids) AND s.fallen_at IS NULL
$function$;

CREATE FUNCTION records_keep_hold() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF (OLD.level, OLD.scope, OLD.scope_id, OLD.site_id, OLD.participant_id, OLD.reason,
        OLD.placed_by_id, OLD.placed_at) IS DISTINCT FROM
       (NEW.level, NEW.scope, NEW.scope_id, NEW.site_id, NEW.participant_id, NEW.reason,
        NEW.placed_by_id, NEW.placed_at) OR OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'A hold is lifted once; nothing else of it changes.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$function$;

CREATE TRIGGER keeps_what_it_holds BEFORE UPDATE ON records_hold
    FOR EACH ROW EXECUTE FUNCTION records_keep_hold();
"""

DROP_FUNCTIONS = """
DROP TRIGGER keeps_what_it_holds ON records_hold;
DROP FUNCTION records_keep_hold();
DROP FUNCTION records_guard();
DROP FUNCTION records_let_fall(text, text, bigint[]);
DROP FUNCTION records_hold_on(text, jsonb);
DROP FUNCTION records_scopes(text, jsonb);
"""

INSERTS = """
CREATE TRIGGER guards_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION records_guard({forms});
"""
CHANGES = """
CREATE TRIGGER guards_update_of_old AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION records_guard({forms});
CREATE TRIGGER guards_update_to_new AFTER UPDATE ON {table}
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION records_guard({forms});
CREATE TRIGGER guards_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION records_guard({forms});
"""
UNGUARD = """
DROP TRIGGER IF EXISTS guards_insert ON {table};
DROP TRIGGER guards_update_of_old ON {table};
DROP TRIGGER guards_update_to_new ON {table};
DROP TRIGGER guards_delete ON {table};
"""


def guard(table: str, forms: str = "", *, inserts: bool = True) -> migrations.RunSQL:
    """A migration operation that guards this table from now on.

    `forms` is SQL that gives `form_id` of the rows in `changed`. Without `inserts` a
    new row is let in where all is held, and is held from then on.
    """
    quoted = "'" + forms.replace("'", "''") + "'" if forms else ""
    sql = (INSERTS + CHANGES if inserts else CHANGES).format(table=table, forms=quoted)
    return migrations.RunSQL(sql, UNGUARD.format(table=table))

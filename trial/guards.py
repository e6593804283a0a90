"""What the database itself refuses at the bed, whoever writes: as SQL for migrations.

A constraint of one row cannot see the gate of an infusion or the balance of a lot;
these triggers can. They raise check violations that carry a name like a constraint.
"""

# Deferrable, so that a bulk copy may bring in an infusion before its gate.
START = """
CREATE FUNCTION trial_start_needs_its_gate() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    gate trial_gate;
BEGIN
    IF NEW.state NOT IN ('running', 'given') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state IN ('running', 'given') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO gate FROM trial_gate WHERE infusion_id = NEW.id;
    IF NOT FOUND OR gate.state <> 'passed' THEN
        RAISE EXCEPTION 'no dose without the gate: infusion %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'infusion_has_its_gate';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(string_to_array(gate.unmet, ' ')
            || CASE WHEN NEW.number > 6 THEN ARRAY['number'] ELSE ARRAY[]::text[] END
        ) AS line
        WHERE NOT EXISTS (
            SELECT FROM trial_signedexception e
            JOIN records_signature s ON s.target_id = e.id AND s.fallen_at IS NULL
            JOIN django_content_type t ON t.id = s.target_type_id
                AND t.app_label = 'trial' AND t.model = 'signedexception'
            WHERE e.infusion_id = NEW.id AND e.line = line
        )
    ) THEN
        RAISE EXCEPTION 'a limit is passed without a signed exception: infusion %',
            NEW.id USING ERRCODE = 'check_violation',
            CONSTRAINT = 'infusion_has_its_signed_exceptions';
    END IF;
    IF NOT EXISTS (
        SELECT FROM trial_preparation p
        WHERE p.infusion_id = NEW.id AND p.voided_at IS NULL
            AND p.checked_by_id IS NOT NULL
            AND p.dose_mg = NEW.dose_mg AND p.weight_kg = NEW.weight_kg
    ) THEN
        RAISE EXCEPTION 'no dose without a second person: infusion %', NEW.id
            USING ERRCODE = 'check_violation',
            CONSTRAINT = 'infusion_has_its_checked_dose';
    END IF;
    RETURN NULL;
END
$function$;
CREATE CONSTRAINT TRIGGER starts_after_its_gate
    AFTER INSERT OR UPDATE OF state ON trial_infusion
    DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION trial_start_needs_its_gate();
"""
DROP_START = """
DROP TRIGGER starts_after_its_gate ON trial_infusion;
DROP FUNCTION trial_start_needs_its_gate();
"""

# The lot's row is held, so that two movements at once cannot both take the last vial.
LEDGER = """
CREATE FUNCTION trial_lot_holds_its_movement() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    lot trial_lot;
    vials bigint;
    mg numeric;
BEGIN
    SELECT * INTO STRICT lot FROM trial_lot WHERE id = NEW.lot_id FOR UPDATE;
    SELECT coalesce(sum(CASE WHEN kind = 'received' THEN m.vials ELSE -m.vials END), 0)
        INTO vials FROM trial_movement m
        WHERE lot_id = NEW.lot_id AND m.vials IS NOT NULL;
    IF NEW.kind IN ('dispensed', 'returned', 'destroyed') AND NEW.vials > vials THEN
        RAISE EXCEPTION 'lot % has % vials on the shelf', lot.code, vials
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_leaves_no_debt';
    END IF;
    IF NEW.kind IN ('used', 'wasted') THEN
        SELECT coalesce(sum(coalesce(
                m.vials * lot.concentration_mg_per_ml * lot.vial_ml, 0)
                - coalesce(m.mg, 0)), 0)
            INTO mg FROM trial_movement m
            WHERE m.lot_id = NEW.lot_id AND m.infusion_id = NEW.infusion_id;
        IF NEW.mg > mg THEN
            RAISE EXCEPTION 'of the vials of infusion % only % mg are left',
                NEW.infusion_id, mg
                USING ERRCODE = 'check_violation',
                CONSTRAINT = 'movement_leaves_no_debt';
        END IF;
    END IF;
    RETURN NEW;
END
$function$;
CREATE TRIGGER lot_holds_its_movement BEFORE INSERT ON trial_movement
    FOR EACH ROW EXECUTE FUNCTION trial_lot_holds_its_movement();

CREATE FUNCTION trial_movement_stays() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'a line of the ledger is never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_stays';
END
$function$;
CREATE TRIGGER movement_stays BEFORE UPDATE ON trial_movement
    FOR EACH ROW EXECUTE FUNCTION trial_movement_stays();
"""
DROP_LEDGER = """
DROP TRIGGER movement_stays ON trial_movement;
DROP TRIGGER lot_holds_its_movement ON trial_movement;
DROP FUNCTION trial_movement_stays();
DROP FUNCTION trial_lot_holds_its_movement();
"""

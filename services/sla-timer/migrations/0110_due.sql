-- Lists of orders by what is due first: what they filter by, and the indexes of what is seldom among all that is open.
-- Units' duties, and all of them together, have their indexes already (clock_unit, clock_state).

-- Null for clocks that stopped before this migration.
ALTER TABLE clock ADD COLUMN appeal_type text;
ALTER TABLE clock ADD COLUMN enterprise boolean NOT NULL DEFAULT false;
ALTER TABLE clock ADD COLUMN division text NOT NULL DEFAULT '';

-- Fields of a message of protobuf that has varints and texts alone, as OrderFacts has.
CREATE FUNCTION fields_of(message bytea) RETURNS TABLE (field integer, number bigint, content bytea) AS $$
DECLARE
    place integer := 0;
    tag   bigint;
    value bigint;
    part  integer;
    shift integer;
BEGIN
    WHILE place < length(message) LOOP
        FOR turn IN 1..2 LOOP
            value := 0;
            shift := 0;
            LOOP
                part := get_byte(message, place);
                place := place + 1;
                value := value | ((part & 127)::bigint << shift);
                shift := shift + 7;
                EXIT WHEN part < 128;
            END LOOP;
            IF turn = 1 THEN
                tag := value;
            END IF;
        END LOOP;
        field := (tag >> 3)::integer;
        number := value;
        content := NULL;
        IF tag & 7 = 2 THEN
            content := substring(message FROM place + 1 FOR value::integer);
            place := place + value::integer;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$ LANGUAGE plpgsql IMMUTABLE;

-- What is open now; type 5, division 10 and labels 11 of hotline.common.v1.OrderFacts.
UPDATE clock c SET
    appeal_type = (ARRAY['consult', 'help', 'complaint', 'report', 'suggestion', 'praise'])[
        (SELECT number FROM fields_of(c.facts) WHERE field = 5)],
    enterprise = EXISTS (SELECT 1 FROM fields_of(c.facts) WHERE field = 11 AND content = 'enterprise'::bytea),
    division = coalesce((SELECT convert_from(content, 'UTF8') FROM fields_of(c.facts) WHERE field = 10), '')
WHERE c.state IN (1, 3);

DROP FUNCTION fields_of(bytea);

-- Duties that few orders have at a time, the platform's own among them; and those of enterprises, which are few.
CREATE INDEX clock_seldom ON clock (obligation, due_at, id)
    WHERE state IN (1, 3) AND obligation NOT IN ('acknowledge', 'sign', 'contact', 'answer', 'settle', 'return_window');
CREATE INDEX clock_enterprise ON clock (due_at, id) WHERE state IN (1, 3) AND enterprise;

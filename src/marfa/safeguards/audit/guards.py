"""What the database itself holds: entries are appended and nothing else, on PostgreSQL in a place
that the database and not the writer chooses.

Whoever owns the database can lift all of this. Then the chain and its signed heads show it.
"""

from __future__ import annotations

from marfa.safeguards.audit import chain

TABLE = "audit_entry"
LOCK = 0x4C4F47
"""The class of the advisory locks of the lanes."""

SQLITE = [
    f"""CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END"""
    for verb in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE deletes without asking the trigger above.
    f"""CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON {TABLE}
    WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE place = NEW.place)
    BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END"""  # noqa: S608 - constants
]
SQLITE_LIFTED = [
    f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}" for verb in ("update", "delete", "replace")
]

# A transaction keeps its lane until it is committed; who finds all taken waits for one of them.
# The function is volatile: each of its statements sees what was committed before the lock was had.
LINK = f"""
CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    lane integer;
    head record;
BEGIN
    FOR i IN 0..{chain.LANES - 1} LOOP
        IF pg_try_advisory_xact_lock({LOCK}, i) THEN
            lane := i;
            EXIT;
        END IF;
    END LOOP;
    IF lane IS NULL THEN
        lane := mod(pg_backend_pid(), {chain.LANES});
        PERFORM pg_advisory_xact_lock({LOCK}, lane);
    END IF;
    SELECT place, hash INTO head FROM {TABLE}
        WHERE place >= lane::bigint << {chain.LANE_SHIFT}
        AND place < (lane + 1)::bigint << {chain.LANE_SHIFT}
        ORDER BY place DESC LIMIT 1;
    NEW.place := coalesce(head.place + 1, lane::bigint << {chain.LANE_SHIFT});
    NEW.previous := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sha256(
        decode('{chain.DOMAIN.hex()}', 'hex') || int8send(NEW.place) || NEW.previous || NEW.hash
    );
    RETURN NEW;
END $$"""  # noqa: S608 - constants

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is only appended to' USING ERRCODE = 'insufficient_privilege';
END $$"""

POSTGRESQL = [
    LINK,
    REFUSE,
    f"""CREATE TRIGGER audit_entry_link BEFORE INSERT ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_link()""",
    f"""CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    f"""CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM PUBLIC",
]
POSTGRESQL_LIFTED = [
    *[
        f"DROP TRIGGER IF EXISTS audit_entry_{name} ON {TABLE}"
        for name in ("link", "no_change", "no_truncate")
    ],
    "DROP FUNCTION IF EXISTS audit_link()",
    "DROP FUNCTION IF EXISTS audit_refuse()",
]


def raised(vendor: str) -> list[str]:
    """The statements that put the guards up. vendor: ``sqlite`` or ``postgresql``."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]


def lifted(vendor: str) -> list[str]:
    """The statements that take them away."""
    return {"sqlite": SQLITE_LIFTED, "postgresql": POSTGRESQL_LIFTED}[vendor]

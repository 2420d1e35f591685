"""The statements that protect a table.

What a policy reads of its surroundings stands in sub-selects without a reference to the row, so
that PostgreSQL computes it once a statement and not once a row.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENED = "organisations_accessgrant"
"""The table of what is open to another organisation until a moment."""

ORGANISATIONS = "marfa.organisations"
NOW = "marfa.now"
EVERYTHING = "marfa.everything"
KEEPER = "marfa_keep_owner"
"""Name of the trigger, and of its function, that keeps the owner of an opened row."""

# Empty, not absent, is what a setting is once a transaction that set it has ended.
_ARRAY = f"string_to_array(current_setting('{ORGANISATIONS}', true), ',')::uuid[]"
_MINE = f"(SELECT {_ARRAY})::uuid[]"
_MOMENT = f"(SELECT nullif(current_setting('{NOW}', true), '')::timestamptz)"
COMMANDS = ("select", "insert", "update", "delete")


@dataclass(frozen=True)
class Columns:
    """The columns of a table that say whose its rows are; as in ``OwnedRows``.

    own: whether the rows are the objects themselves, and not what hangs on them.
    """

    owner: str
    object_key: str
    kind: str
    kind_key: str = ""
    unowned: bool = False
    own: bool = True

    def opened(self, *, owner_too: bool = False) -> str:
        """That the object of a row is open to the context, its owner being the row's."""
        pairs = [(self.object_key, "object_id")]
        pairs += [(self.kind_key, "object_kind")] if self.kind_key else []
        pairs += [(self.owner, "owner_id")] if owner_too else []
        columns = ", ".join(f'"{mine}"' for mine, _ in pairs)
        theirs = ", ".join(column for _, column in pairs)
        of_kind = "" if self.kind_key else f"object_kind = '{self.kind}' AND "
        return (
            f"({columns}) IN (SELECT {theirs} FROM {OPENED} WHERE {of_kind}"  # noqa: S608
            f"organisation_id = ANY ({_MINE})"
            f" AND starts_at <= {_MOMENT} AND until > {_MOMENT})"
        )

    def conditions(self, table: str) -> dict[str, str]:
        """The condition of each command's policy."""
        mine = f'"{self.owner}" = ANY ({_MINE})' + (
            f' OR "{self.owner}" IS NULL' if self.unowned else ""
        )
        whole = _whole(f"'\"{table}\"'::regclass")
        own = f"{mine} OR {whole}"
        seen = f"{mine} OR {self.opened()} OR {whole}"
        kept = f"{mine} OR {self.opened(owner_too=True)} OR {whole}"
        made = own if self.own else kept
        return {
            "select": f"USING ({seen})",
            "insert": f"WITH CHECK ({made})",
            "update": f"USING ({seen}) WITH CHECK ({kept})",
            "delete": f"USING ({made})",
        }


def _whole(table: str) -> str:
    """That the owner of the table says that all rows are meant."""
    return (
        f"(SELECT coalesce(current_setting('{EVERYTHING}', true) = 'on'"  # noqa: S608
        f" AND pg_get_userbyid(relowner) = current_user, false)"
        f" FROM pg_class WHERE oid = {table})"
    )


# A policy sees the row before and the row after, and never both: whoever may change an opened row
# could give it to themselves, since afterwards it would be their own.
KEEPING = f"""
CREATE OR REPLACE FUNCTION {KEEPER}() RETURNS trigger LANGUAGE plpgsql AS $keep$
DECLARE
  before_ jsonb := to_jsonb(OLD);
  after_ jsonb := to_jsonb(NEW);
BEGIN
  IF NOT row_security_active(TG_RELID) OR {_whole("TG_RELID")} THEN
    RETURN NEW;
  END IF;
  IF (before_ ->> TG_ARGV[0])::uuid = ANY ({_ARRAY}) AND after_ ->> TG_ARGV[0] IS NOT NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'row-level security: only the owner of a row gives it away'
    USING ERRCODE = 'insufficient_privilege';
END
$keep$
"""


def protect_statements(table: str, columns: Columns) -> list[str]:
    """The statements that let only rows be seen and changed that belong to the context.

    A row is seen where its owner is in the context or its object is open to one that is, and
    changed where that opening names its owner. The row of an object is made and deleted by its
    owner alone; what hangs on an object, also by those to whom the object is open. Only its owner
    gives a row away. The owner of the table sees all where it says so, as migrations and backups
    do; FORCE keeps it from doing so by forgetting. All names come from models and migrations,
    never from input. Done again, they replace what was there.
    """
    watched = [columns.owner, columns.object_key, *filter(None, [columns.kind_key])]
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in watched)
    return [
        *_dropping(table),
        KEEPING,
        f'CREATE TRIGGER "{KEEPER}" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN ({changed}) EXECUTE FUNCTION {KEEPER}('{columns.owner}')",
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        *(
            f'CREATE POLICY "marfa_{command}" ON "{table}" FOR {command.upper()} {condition}'
            for command, condition in columns.conditions(table).items()
        ),
    ]


def unprotect_statements(table: str) -> list[str]:
    """The statements that take the protection away."""
    return [
        *_dropping(table),
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
    ]


def _dropping(table: str) -> list[str]:
    return [
        f'DROP TRIGGER IF EXISTS "{KEEPER}" ON "{table}"',
        *(f'DROP POLICY IF EXISTS "marfa_{command}" ON "{table}"' for command in COMMANDS),
    ]

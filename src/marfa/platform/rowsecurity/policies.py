"""The statements that protect a table.

What a policy reads of its surroundings stands in sub-selects without a reference to the row, so
that PostgreSQL computes it once a statement and not once a row.
"""

from __future__ import annotations

OPENED = "organisations_accessgrant"
"""The table of what is open to another organisation until a moment."""

ORGANISATIONS = "marfa.organisations"
NOW = "marfa.now"
EVERYTHING = "marfa.everything"

# Empty, not absent, is what a setting is once a transaction that set it has ended.
_MINE = f"(SELECT string_to_array(current_setting('{ORGANISATIONS}', true), ',')::uuid[])::uuid[]"
_MOMENT = f"(SELECT nullif(current_setting('{NOW}', true), '')::timestamptz)"
COMMANDS = ("select", "insert", "update", "delete")


def protecting(table: str, owner: str, object_key: str, kind: str) -> list[str]:
    """The statements that let only rows be seen and changed that belong to the context.

    A row is seen and changed where its owner is in the context or it is open to one that is; it
    is made and deleted by its owner alone. The owner of the table sees all where it says so, as
    migrations and backups do; FORCE keeps it from doing so by forgetting. All names come from
    models and migrations, never from input.
    """
    mine = f'"{owner}" = ANY ({_MINE})'
    opened = (
        f"\"{object_key}\" IN (SELECT object_id FROM {OPENED} WHERE object_kind = '{kind}'"  # noqa: S608
        f" AND organisation_id = ANY ({_MINE})"
        f" AND starts_at <= {_MOMENT} AND until > {_MOMENT})"
    )
    whole = (
        f"(SELECT coalesce(current_setting('{EVERYTHING}', true) = 'on'"  # noqa: S608
        f" AND pg_get_userbyid(relowner) = current_user, false)"
        f" FROM pg_class WHERE oid = '\"{table}\"'::regclass)"
    )
    own, seen = f"{mine} OR {whole}", f"{mine} OR {opened} OR {whole}"
    conditions = {
        "select": f"USING ({seen})",
        "insert": f"WITH CHECK ({own})",
        "update": f"USING ({seen}) WITH CHECK ({seen})",
        "delete": f"USING ({own})",
    }
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        *(
            f'CREATE POLICY "marfa_{command}" ON "{table}" FOR {command.upper()} {condition}'
            for command, condition in conditions.items()
        ),
    ]


def lifting(table: str) -> list[str]:
    """The statements that take the protection away."""
    return [
        *(f'DROP POLICY "marfa_{command}" ON "{table}"' for command in COMMANDS),
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
    ]

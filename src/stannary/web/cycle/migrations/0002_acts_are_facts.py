"""The database itself refuses to change an act.

SQLite empties tables by DELETE where PostgreSQL truncates them, so there only changes are
refused. A later migration that alters a table on SQLite makes it anew and must put the trigger
back.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "cycle_actrecord"

SQLITE = f"""
CREATE TRIGGER {TABLE}_is_a_fact BEFORE UPDATE ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END
"""

POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_is_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an act is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {TABLE}_is_a_fact BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION {TABLE}_is_a_fact();
"""


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER {TABLE}_is_a_fact ON {TABLE}")
        editor.execute(f"DROP FUNCTION {TABLE}_is_a_fact()")
    else:
        editor.execute(f"DROP TRIGGER {TABLE}_is_a_fact")


class Migration(migrations.Migration):
    dependencies = [("cycle", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]

"""The database itself refuses to change what was recorded of surveillance.

SQLite empties tables by DELETE where PostgreSQL truncates them, so there only changes are
refused. A later migration that alters a table on SQLite makes it anew and must put the trigger
back.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("entities_surveillancevisit",)

SQLITE = """
CREATE TRIGGER {table}_is_a_fact BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'what is recorded is never changed'); END
"""

POSTGRESQL = """
CREATE FUNCTION {table}_is_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is recorded is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {table}_is_a_fact BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_is_a_fact();
"""


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    sql = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    for table in TABLES:
        editor.execute(sql.format(table=table))


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_is_a_fact ON {table}")
            editor.execute(f"DROP FUNCTION {table}_is_a_fact()")
        else:
            editor.execute(f"DROP TRIGGER {table}_is_a_fact")


class Migration(migrations.Migration):
    dependencies = [("entities", "0009_surveillance")]

    operations = [migrations.RunPython(guard, unguard)]

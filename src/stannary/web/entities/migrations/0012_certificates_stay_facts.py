"""SQLite made the table of certificates anew for its new column: the trigger is put back."""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FACTS = import_module("stannary.web.entities.migrations.0002_records_are_facts")
TABLE = "entities_certificate"


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_is_a_fact")
        editor.execute(FACTS.SQLITE.format(table=TABLE))


class Migration(migrations.Migration):
    dependencies = [("entities", "0011_certificates_name_a_method")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

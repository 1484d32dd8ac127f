"""The tables of the ledger, from the posting engine's own text: the same on SQLite and PostgreSQL."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stannary.engines.posting import schema


def make(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for statement in schema.statements("postgresql" if postgresql else "sqlite"):
            cursor.execute(statement)


def unmake(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in schema.dropping():
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]

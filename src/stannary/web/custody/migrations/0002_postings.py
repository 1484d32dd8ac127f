"""The tables of the ledger, from the posting engine's own text: the same on SQLite and PostgreSQL."""

from django.db import migrations

from stannary.engines.posting import schema


def make(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in schema.statements(schema_editor.connection.vendor):
            cursor.execute(statement)


def unmake(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in schema.dropping():
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]

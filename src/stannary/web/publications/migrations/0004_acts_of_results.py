"""Which act published a result that was there before, and the guard of 0002 again.

Making the table anew on SQLite (0003) drops its trigger, so that it is put back.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "publications_publishedresult"
TRIGGER = f"{TABLE}_is_a_fact"


def name_acts(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    if postgresql:
        editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TRIGGER}")
    acts = apps.get_model("cycle", "ActRecord")
    rows = apps.get_model("publications", "PublishedResult")
    for row in rows.objects.filter(assessment__engagement__isnull=False).select_related(
        "assessment"
    ):
        act = acts.objects.filter(engagement=row.assessment.engagement_id, kind="publish").first()
        if act is not None:
            rows.objects.filter(pk=row.pk).update(act_number=act.number)
    if postgresql:
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER {TRIGGER}")
    else:
        editor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}")
        editor.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} "
            "BEGIN SELECT RAISE(ABORT, 'a published result is never changed'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("cycle", "0002_acts_are_facts"), ("publications", "0003_several_results")]
    operations = [migrations.RunPython(name_acts, migrations.RunPython.noop)]

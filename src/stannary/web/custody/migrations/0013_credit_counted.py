"""Up to now accounts were kept by the credit method: what is stored by rolling average is to compare."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def rolling_average_compares(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    periods = apps.get_model("custody", "AccountPeriod")
    periods.objects.filter(method="rolling_average").update(counts=False)


class Migration(migrations.Migration):
    dependencies = [("custody", "0012_which_method_counts")]

    operations = [migrations.RunPython(rolling_average_compares, migrations.RunPython.noop)]

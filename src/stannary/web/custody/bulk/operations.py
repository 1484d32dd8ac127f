"""Many rows put into a table at once.

What thousands of movements come to is written while everybody else waits to book. SQLite takes a row at
a time of one prepared statement several times faster than Django's statements of some fifty rows each,
whose text is made anew every time; PostgreSQL takes arrays, as Django sends them.

Rules: none of its own.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Field, IntegerField, Model, TextField
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields import CharField

T = TypeVar("T", bound=Model)
AT_ONCE = 5000
_PLAIN = (BooleanField, CharField, IntegerField, TextField)
"""Fields whose values a database takes as they are."""


def put(
    model: type[T], rows: Sequence[T], *, unique: Sequence[str] = (), update: Sequence[str] = ()
) -> None:
    """Put rows into a table, in their order; their keys are not told.

    Args:
        model: The table.
        rows: What is put into it.
        unique: Fields by which a row is known that is there already; none: every row is new.
        update: What is changed of such a row.
    """
    if not rows:
        return
    if connection.vendor == "sqlite":
        _put_each(model, rows, unique, update)
        return
    model._default_manager.bulk_create(  # noqa: SLF001 - documented by Django
        rows,
        batch_size=AT_ONCE,
        update_conflicts=bool(update),
        unique_fields=unique or None,
        update_fields=update or None,
    )


def _put_each(
    model: type[T], rows: Sequence[T], unique: Sequence[str], update: Sequence[str]
) -> None:
    of_model = model._meta  # noqa: SLF001 - documented by Django
    fields = [one for one in of_model.concrete_fields if not one.primary_key]
    quoted = {one.name: connection.ops.quote_name(str(one.column)) for one in fields}

    table = connection.ops.quote_name(of_model.db_table)
    places = ", ".join(["%s"] * len(fields))
    text = f"INSERT INTO {table} ({', '.join(quoted.values())}) VALUES ({places})"  # noqa: S608 - our own names
    if update:
        changed = ", ".join(f"{quoted[name]} = excluded.{quoted[name]}" for name in update)
        known = ", ".join(quoted[name] for name in unique)
        text += f" ON CONFLICT ({known}) DO UPDATE SET {changed}"
    with connection.cursor() as cursor:
        cursor.executemany(text, [[_value(one, row) for one in fields] for row in rows])


def _value(field: "Field[Any, Any]", row: Model) -> Any:
    value = getattr(row, field.attname)
    if isinstance(value, DatabaseDefault):
        value = field.db_default  # a constant
    return value if isinstance(field, _PLAIN) else field.get_db_prep_save(value, connection)

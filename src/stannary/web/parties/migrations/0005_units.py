"""Units of sites, and one organisation for a name.

Files of movements name organisations by their name, so two of one name cannot be told apart. Where
there are two already, nothing is changed and the message says which.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def look_for_two_of_one_name(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Stop with PARTY-030 where two organisations have one name."""
    seen: dict[str, tuple[str, str]] = {}
    twins = []
    for slug, name in apps.get_model('parties', 'Organisation').objects.order_by('slug').values_list('slug', 'name'):
        first = seen.setdefault(name.lower(), (slug, name))
        if first[0] != slug:
            twins.append(f'{first[0]} and {slug} are both called {name}')
    if twins:
        raise CommandError(
            'PARTY-030: No two organisations have the same name. Here: '
            + '; '.join(twins)
            + '. Give one of each two a name that tells them apart, then migrate again.'
        )


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0004_site_users'),
    ]

    operations = [
        migrations.RunPython(look_for_two_of_one_name, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('pit', 'open pit'), ('underground', 'underground mine'), ('plant', 'plant'), ('tailings', 'tailings facility'), ('waste_rock', 'waste rock'), ('camp', 'camp'), ('road', 'road'), ('port', 'port'), ('other', 'other')], max_length=20)),
                ('in_scope', models.BooleanField(default=True, help_text='Whether an audit of the site looks at it.')),
                ('materials', models.CharField(blank=True, help_text='Keys of materials, separated by blanks.', max_length=400)),
                ('note', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['site_id', '-in_scope', 'name'],
            },
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='organisation_name_once', violation_error_code='PARTY-030'),
        ),
        migrations.AddField(
            model_name='unit',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='parties.site'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(models.F('site'), django.db.models.functions.text.Lower('name'), name='unit_name_once', violation_error_code='PARTY-031'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pit', 'underground', 'plant', 'tailings', 'waste_rock', 'camp', 'road', 'port', 'other'])), name='unit_kind_known', violation_error_code='PARTY-031'),
        ),
    ]

"""Whose word a rating is, and assessments that belong to an engagement.

Making a table anew on SQLite drops its triggers, so that the one of 0002 is put back.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TRIGGER = "assessments_ratingrecord_is_a_fact"


def put_back(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}")
        editor.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON assessments_ratingrecord "
            "BEGIN SELECT RAISE(ABORT, 'a rating record is never changed'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0003_carried_over'),
        ('cycle', '0002_acts_are_facts'),
        ('parties', '0005_units'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assessment',
            name='assessment_one_open_per_site',
        ),
        migrations.RemoveConstraint(
            model_name='ratingrecord',
            name='rating_one_first',
        ),
        migrations.AddField(
            model_name='assessment',
            name='engagement',
            field=models.ForeignKey(blank=True, help_text='The engagement that it is part of; empty for one that stands alone.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='cycle.engagement'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='kind',
            field=models.CharField(choices=[('self', 'self-assessment'), ('audit', 'audit'), ('surveillance', 'surveillance')], default='audit', max_length=20),
        ),
        migrations.AddField(
            model_name='ratingrecord',
            name='said_by',
            field=models.CharField(blank=True, help_text='Name that a respondent without account stated.', max_length=200),
        ),
        migrations.AddField(
            model_name='ratingrecord',
            name='side',
            field=models.CharField(choices=[('site', 'site'), ('auditor', 'auditor'), ('final', 'final')], default='auditor', max_length=20),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='firm',
            field=models.ForeignKey(blank=True, help_text='The audit firm; empty where a site assesses itself.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='parties.organisation'),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='lead_auditor',
            field=models.ForeignKey(help_text='Who leads: an auditor of the firm, or a site user where a site assesses itself.', on_delete=django.db.models.deletion.PROTECT, related_name='led_assessments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='ratingrecord',
            name='assessor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('engagement__isnull', True), ('state', 'open')), fields=('site', 'edition_id', 'firm'), name='assessment_one_open_per_site'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('engagement__isnull', False), ('state', 'open')), fields=('engagement', 'kind'), name='assessment_one_of_a_kind', violation_error_code='RATING-026'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('engagement__isnull', False), ('firm__isnull', True), ('kind', 'self')), models.Q(('firm__isnull', False), ('kind', 'audit')), models.Q(('engagement__isnull', False), ('firm__isnull', False), ('kind', 'surveillance')), _connector='OR'), name='assessment_firm_unless_self', violation_error_code='RATING-026'),
        ),
        migrations.AddConstraint(
            model_name='ratingrecord',
            constraint=models.UniqueConstraint(condition=models.Q(('previous__isnull', True)), fields=('assessment', 'requirement_id', 'side'), name='rating_one_first', violation_error_code='RATING-020'),
        ),
        migrations.AddConstraint(
            model_name='ratingrecord',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['site', 'auditor', 'final']), models.Q(models.Q(('side', 'final'), _negated=True), models.Q(('rationale', ''), _negated=True), _connector='OR')), name='rating_final_has_reason', violation_error_code='RATING-027'),
        ),
        migrations.AddConstraint(
            model_name='ratingrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessor__isnull', False), ('said_by', '')), models.Q(('assessor__isnull', True), ('side', 'site'), models.Q(('said_by', ''), _negated=True)), _connector='OR'), name='rating_has_an_author'),
        ),
        migrations.RunPython(put_back, put_back),
    ]

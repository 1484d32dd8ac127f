import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0002_records_are_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='assessment',
            name='carried_from',
            field=models.ForeignKey(blank=True, help_text='The assessment under the older edition whose answers were carried over.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='assessments.assessment'),
        ),
        migrations.AddField(
            model_name='ratingrecord',
            name='carried_from',
            field=models.ForeignKey(blank=True, help_text='The record under the older edition that this one repeats, with its assessor and time.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='assessments.ratingrecord'),
        ),
    ]

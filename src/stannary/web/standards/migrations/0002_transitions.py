import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('standards', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransitionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(help_text='SHA-256 of the canonical content.', max_length=64)),
                ('content', models.TextField(help_text='The transition as canonical JSON (RFC 8785).')),
                ('loaded_at', models.DateTimeField()),
                ('after', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='standards.editionrecord')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='standards.editionrecord')),
            ],
            options={
                'ordering': ['after'],
                'constraints': [models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='transition_leads_on')],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("standards", "0002_transitions")]

    operations = [
        migrations.AddField(
            model_name="editionrecord",
            name="pack_sha256",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Content hash of the pack that it was loaded from.",
                max_length=64,
            ),
            preserve_default=False,
        ),
    ]

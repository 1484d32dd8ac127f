from django.db import models


class CrosswalkRecord(models.Model):
    """A crosswalk as it is used here.

    The content is the whole crosswalk as canonical JSON. Judgements may be revised, so that a
    newer file takes the place of an older one; the hash tells which of them a plan rests on.
    """

    name = models.CharField(max_length=150, unique=True)
    first = models.CharField(max_length=200, help_text="Id of the first edition.")
    second = models.CharField(max_length=200, help_text="Id of the second edition.")
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    content = models.TextField(help_text="The crosswalk as canonical JSON (RFC 8785).")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

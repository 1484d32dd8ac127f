from django.db import models


class EditionRecord(models.Model):
    """An edition of a standard as it is in force here.

    The content is the whole edition as canonical JSON. It only ever grows: a new dated value, a
    new constant, a better translation. What is in force is never changed (STANDARD-011).
    """

    edition_id = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    content = models.TextField(help_text="The edition as canonical JSON (RFC 8785).")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["edition_id"]

    def __str__(self) -> str:
        return self.edition_id

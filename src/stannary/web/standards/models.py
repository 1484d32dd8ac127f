from django.db import models


class EditionRecord(models.Model):
    """An edition of a standard as it is in force here.

    The content is the whole edition as canonical JSON. It only ever grows: a new dated value, a
    new constant, a better translation. What is in force is never changed (STANDARD-011).
    """

    edition_id = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    content = models.TextField(help_text="The edition as canonical JSON (RFC 8785).")
    pack_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Content hash of the pack that it was loaded from."
    )
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["edition_id"]

    def __str__(self) -> str:
        return self.edition_id


class TransitionRecord(models.Model):
    """How an edition takes the place of the one before it, as its pack says.

    The content is the whole table as canonical JSON. Once its window has opened only its end may
    be put off (TRANSITION-008).
    """

    before = models.ForeignKey(EditionRecord, on_delete=models.PROTECT, related_name="followed_by")
    after = models.OneToOneField(EditionRecord, on_delete=models.PROTECT, related_name="follows")
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    content = models.TextField(help_text="The transition as canonical JSON (RFC 8785).")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["after"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")), name="transition_leads_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogHead(models.Model):
    """The one row that says which log this is; whoever appends locks it first."""

    origin = models.CharField(
        max_length=200, help_text=_("Name of the log: the address of the first start, and /log.")
    )
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="log_has_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class LogEntry(models.Model):
    """What was entered: a hash-bearing record, never changed, never taken out."""

    index = models.PositiveBigIntegerField(unique=True)
    entry = models.BinaryField(max_length=65_535)
    leaf_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering = ["index"]

    def __str__(self) -> str:
        return str(self.index)


class SignedCheckpoint(models.Model):
    """A size and root that were signed; no size is ever signed with two roots."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return str(self.size)

from django.db import models
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Person


class BookedCorrection(models.Model):
    """That somebody booked a correction, and why: a fact, never changed. The rows are movements."""

    event = models.CharField(max_length=200, unique=True)
    restates = models.CharField(max_length=200, db_index=True, help_text=_("Id of the event."))
    annuls = models.BooleanField(help_text=_("Whether the event is taken back."))
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="booked_corrections")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "event"]

    def __str__(self) -> str:
        return f"{self.event} {self.restates}"

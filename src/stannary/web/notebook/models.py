import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stannary.web.assessments.models import Assessment
from stannary.web.parties.models import Person

TEXT_MAX = 20_000
PLACE_MAX = 60


class Note(models.Model):
    """What an auditor wrote down, of a requirement or of the whole: a fact, never changed.

    It is read on the auditors' side alone. The id is chosen where it was written, so that a note
    that is sent twice, from two devices or after months, is one note (NOTEBOOK-003).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="notes")
    requirement_id = models.CharField(
        max_length=40, blank=True, help_text=_("Empty: about the whole.")
    )
    text = models.TextField(blank=True)
    place = models.CharField(
        max_length=PLACE_MAX, blank=True, help_text=_("geo: address of RFC 5870; empty: not given.")
    )
    evidence = models.UUIDField(
        null=True, blank=True, help_text=_("Item of evidence: the photo that it is about.")
    )
    noted_at = models.DateTimeField(help_text=_("By the clock of the device."))
    clock_ahead_s = models.IntegerField(
        null=True,
        blank=True,
        help_text=_("Seconds by which that clock was ahead when it was sent; empty: not known."),
    )
    at = models.DateTimeField(help_text=_("When it arrived, by the clock of the server."))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notes")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["assessment", "requirement_id"], name="note_requirement")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(evidence__isnull=False),
                name="note_says_something",
                violation_error_code="NOTEBOOK-001",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.text[:40]}"

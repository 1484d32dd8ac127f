import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.core import evidence
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person

KINDS = [str(kind) for kind in evidence.EvidenceKind]
VISIBILITIES = [str(one) for one in evidence.Visibility]


class EvidenceVersion(models.Model):
    """One version of a piece of evidence: a fact, never changed.

    A file itself lies below STANNARY_HOME/evidence under its digest; see `files`.
    """

    class Side(models.TextChoices):
        SITE = "site", _("the site")
        TEAM = "team", _("the audit team")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="evidence")
    item = models.UUIDField(db_index=True, help_text=_("The same for all versions of an item."))
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=evidence.TITLE_MAX)
    link = models.CharField(max_length=evidence.LINK_MAX, blank=True)
    sha256 = models.CharField(
        max_length=64, db_index=True, help_text=_("Of the file as it is kept, or of the address.")
    )
    sha256_as_given = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text=_("Bytes as kept; 0 for a link."))
    media_type = models.CharField(max_length=100, blank=True)
    covers_from = models.CharField(max_length=10)
    covers_until = models.CharField(max_length=10)
    requirements = models.JSONField(help_text=_("Ids, in the order given."))
    visibility = models.CharField(max_length=20)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following"
    )
    twin_of = models.UUIDField(
        null=True, blank=True, help_text=_("Item of which this is the redacted twin.")
    )
    handed_in_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="handed_in_evidence"
    )
    side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()
    removed = models.JSONField(default=list, help_text=_("What was cleaned out of the file."))
    scanned_by = models.CharField(
        max_length=200, blank=True, help_text=_("Which scanner looked at it; empty: none.")
    )

    class Meta:
        ordering = ["engagement_id", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["previous"],
                name="evidence_followed_once",
                violation_error_code="EVIDENCE-009",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(previous__isnull=True),
                name="evidence_one_first",
                violation_error_code="EVIDENCE-009",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=VISIBILITIES, side__in=["site", "team"]),
                name="evidence_visibility_known",
                violation_error_code="EVIDENCE-011",
            ),
            models.CheckConstraint(
                condition=Q(kind="file", link="", size__gte=1) & ~Q(media_type="")
                | Q(kind="link", size=0, media_type="") & ~Q(link=""),
                name="evidence_file_or_link",
                violation_error_code="EVIDENCE-010",
            ),
            models.CheckConstraint(
                condition=Q(twin_of__isnull=True) | ~Q(twin_of=F("item")),
                name="evidence_twin_of_another",
                violation_error_code="EVIDENCE-008",
            ),
        ]

    def __str__(self) -> str:
        return self.title

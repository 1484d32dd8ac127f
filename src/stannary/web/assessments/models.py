from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Person, Site


class Assessment(models.Model):
    """One measuring of a site against one edition of a standard, by one firm."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PUBLISHED = "published", _("published")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="assessments")
    edition_id = models.CharField(
        max_length=200, help_text=_("publisher/standard/edition of the pack")
    )
    pack_sha256 = models.CharField(
        max_length=64, help_text=_("What the pack was when the assessment was opened.")
    )
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    lead_auditor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="led_assessments"
    )
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    illustrative = models.BooleanField(
        default=False, help_text=_("Made up, and marked so wherever it shows.")
    )
    carried_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        help_text=_("The assessment under the older edition whose answers were carried over."),
    )

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["firm", "state"], name="assessment_firm_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "published"]), name="assessment_state_known"
            ),
            models.UniqueConstraint(
                fields=["site", "edition_id", "firm"],
                condition=Q(state="open"),
                name="assessment_one_open_per_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.edition_id}"


class RatingRecord(models.Model):
    """What an assessor said of one requirement at one moment: a fact, never changed.

    The records of a requirement form a chain through `previous`, and the newest counts. Two
    records can neither follow the same one nor both be the first, so of two people who rate at
    the same moment one is refused by the database itself (RATING-020).
    """

    class Rating(models.TextChoices):
        FULLY = "fully", _("fully")
        SUBSTANTIALLY = "substantially", _("substantially")
        PARTIALLY = "partially", _("partially")
        NOT_MET = "not_met", _("not met")
        NOT_RELEVANT = "not_relevant", _("not relevant")
        PENDING = "pending", _("not rated")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="ratings")
    requirement_id = models.CharField(max_length=40)
    rating = models.CharField(max_length=20, choices=Rating)
    rationale = models.TextField(blank=True)
    evidence = models.TextField(blank=True, help_text=_("Links, one on each line."))
    assessor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ratings")
    at = models.DateTimeField()
    previous = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        help_text=_("The record that the assessor saw; empty for the first."),
    )
    carried_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        help_text=_(
            "The record under the older edition that this one repeats, with its assessor and time."
        ),
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["assessment", "requirement_id"], name="rating_requirement")]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "requirement_id"],
                condition=Q(previous__isnull=True),
                name="rating_one_first",
                violation_error_code="RATING-020",
            ),
            models.CheckConstraint(
                condition=Q(
                    rating__in=[
                        "fully",
                        "substantially",
                        "partially",
                        "not_met",
                        "not_relevant",
                        "pending",
                    ]
                ),
                name="rating_known",
                violation_error_code="RATING-003",
            ),
            models.CheckConstraint(
                condition=~Q(rating="not_relevant") | ~Q(rationale=""),
                name="rating_not_relevant_has_reason",
                violation_error_code="RATING-004",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.rating}"

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person, Site


class Assessment(models.Model):
    """One measuring of a site against one edition of a standard, by one firm or by the site itself.

    One that belongs to an engagement is read and rated by whom `core.cycle.rights` says. One
    without is as it was before there were engagements: its firm's auditors read and rate it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PUBLISHED = "published", _("published")

    class Kind(models.TextChoices):
        SELF = "self", _("self-assessment")
        AUDIT = "audit", _("audit")
        SURVEILLANCE = "surveillance", _("surveillance")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="assessments")
    edition_id = models.CharField(
        max_length=200, help_text=_("publisher/standard/edition of the pack")
    )
    pack_sha256 = models.CharField(
        max_length=64, help_text=_("What the pack was when the assessment was opened.")
    )
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text=_("The engagement that it is part of; empty for one that stands alone."),
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.AUDIT)
    firm = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text=_("The audit firm; empty where a site assesses itself."),
    )
    lead_auditor = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="led_assessments",
        help_text=_(
            "Who leads: an auditor of the firm, or a site user where a site assesses itself."
        ),
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
                condition=Q(state="open", engagement__isnull=True),
                name="assessment_one_open_per_site",
            ),
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                condition=Q(engagement__isnull=False, state="open"),
                name="assessment_one_of_a_kind",
                violation_error_code="RATING-026",
            ),
            models.CheckConstraint(
                condition=Q(kind="self", engagement__isnull=False, firm__isnull=True)
                | Q(kind="audit", firm__isnull=False)
                | Q(kind="surveillance", engagement__isnull=False, firm__isnull=False),
                name="assessment_firm_unless_self",
                violation_error_code="RATING-026",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.edition_id}"

    @property
    def by(self) -> str:
        """Name of the firm, or of the operator where the site assesses itself."""
        if self.firm is not None:
            return self.firm.name
        return self.engagement.operator.name if self.engagement else ""


class RatingRecord(models.Model):
    """What somebody said of one requirement at one moment: a fact, never changed.

    Each side has its own chain of records of a requirement through `previous`; the newest of the
    final ones counts, where there is none that of the auditors. Two records of a side can neither
    follow the same one nor both be the first, so of two people who rate at the same moment one is
    refused by the database itself (RATING-020).
    """

    class Side(models.TextChoices):
        SITE = "site", _("site")
        AUDITOR = "auditor", _("auditor")
        FINAL = "final", _("final")

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
    side = models.CharField(max_length=20, choices=Side, default=Side.AUDITOR)
    assessor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    said_by = models.CharField(
        max_length=200, blank=True, help_text=_("Name that a respondent without account stated.")
    )
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
                fields=["assessment", "requirement_id", "side"],
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
            models.CheckConstraint(
                condition=Q(side__in=["site", "auditor", "final"])
                & (~Q(side="final") | ~Q(rationale="")),
                name="rating_final_has_reason",
                violation_error_code="RATING-027",
            ),
            models.CheckConstraint(
                condition=Q(assessor__isnull=False, said_by="")
                | Q(assessor__isnull=True, side="site") & ~Q(said_by=""),
                name="rating_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.rating}"

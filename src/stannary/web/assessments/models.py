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


class Assignment(models.Model):
    """What somebody is to answer of a site's self-assessment: chapters, or single requirements.

    A member of the engagement answers with an account, somebody else by a link.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assignments")
    respondent = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    name = models.CharField(
        max_length=200, blank=True, help_text=_("Who answers without an account.")
    )
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, help_text=_("Of the mail and the link."))
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="made_assignments")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(respondent__isnull=False, name="", email="")
                | Q(respondent__isnull=True) & ~Q(name=""),
                name="assignment_is_somebody_s",
                violation_error_code="RATING-030",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.respondent)


class AssignedPart(models.Model):
    """A chapter, or a single requirement, of an assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "part"], name="assigned_part_once"),
        ]

    def __str__(self) -> str:
        return self.part


class Turn(models.Model):
    """A time in which an assignment may be answered, until it ends; what was returned has another.

    Of the link only a digest is kept: whoever reads the database cannot answer in somebody's name.
    """

    class End(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        REVOKED = "revoked", _("withdrawn")
        REPLACED = "replaced", _("replaced by a new link")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveIntegerField()
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="begun_turns")
    begun_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text=_("Why it was returned; empty at first."))
    token_sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True)
    valid_until = models.DateTimeField(null=True, blank=True, help_text=_("Not included."))
    said_by = models.CharField(
        max_length=200, blank=True, help_text=_("The name that the respondent stated last.")
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=20, blank=True, choices=End)

    class Meta:
        ordering = ["assignment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="turn_number_once"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at__isnull=True), name="turn_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=["handed_in", "revoked", "replaced"]),
                name="turn_ends_somehow",
            ),
            models.CheckConstraint(
                condition=Q(token_sha256__isnull=True) | Q(valid_until__isnull=False),
                name="turn_link_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.number}"


class ChangeAsked(models.Model):
    """An answer that is to be changed in a turn, and why."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="asked")
    requirement_id = models.CharField(max_length=40)
    comment = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "requirement_id"], name="change_asked_once"),
        ]

    def __str__(self) -> str:
        return self.requirement_id

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stannary.core import corrections
from stannary.web.assessments.models import RatingRecord
from stannary.web.cycle.models import ROLES, Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.models import Person, Site

GRADES = [str(grade) for grade in corrections.Grade]
KINDS = [str(kind) for kind in corrections.NoteKind]


class FindingRecord(models.Model):
    """A finding as it was raised: a fact, never changed. What became of it are its steps.

    Findings of a site under a standard are numbered from 1 across engagements, so that a number
    means the same in the audit that re-tests it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="findings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="findings")
    standard = models.CharField(max_length=160, help_text=_("publisher/standard of the pack"))
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField(
        default=0, help_text=_("0: the audit itself; else which surveillance audit.")
    )
    requirement_id = models.CharField(max_length=40)
    grade = models.CharField(max_length=20)
    text = models.TextField()
    verdict = models.OneToOneField(
        RatingRecord,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="finding",
        help_text=_("The rating from which it was drafted."),
    )
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="raised_findings")
    on = models.DateField(help_text=_("The day from which its time counts."))
    at = models.DateTimeField(help_text=_("When it was recorded."))

    class Meta:
        ordering = ["site_id", "standard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "standard", "number"], name="finding_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, grade__in=GRADES) & ~Q(text=""),
                name="finding_says_what",
                violation_error_code="CORRECTION-010",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.requirement_id}"


class FindingStep(models.Model):
    """One step about a finding: a fact, never changed.

    Steps are numbered from 1. Two people who act at the same moment would write the same number,
    so one of them is refused (CORRECTION-020).
    """

    finding = models.ForeignKey(FindingRecord, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.PROTECT,
        related_name="finding_steps",
        help_text=_("In which it was taken: a later one where it is a re-test."),
    )
    round = models.PositiveIntegerField(default=0)
    role = models.CharField(max_length=20)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="finding_steps")
    on = models.DateField()
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    action = models.TextField(blank=True)
    owner = models.CharField(
        max_length=200, blank=True, help_text=_("Who answers for it; never public.")
    )
    due = models.DateField(null=True, blank=True, help_text=_("Last day that the plan names."))
    until = models.DateField(null=True, blank=True, help_text=_("New last day of an extension."))

    class Meta:
        ordering = ["finding_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "number"],
                name="finding_step_number_once",
                violation_error_code="CORRECTION-020",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, kind__in=KINDS, role__in=ROLES),
                name="finding_step_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="plan")
                | Q(due__isnull=False) & ~Q(root_cause="") & ~Q(action="") & ~Q(owner=""),
                name="finding_plan_is_whole",
                violation_error_code="CORRECTION-003",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class StepEvidence(models.Model):
    """A version of evidence with which a correction was handed in: a fact, never changed."""

    step = models.ForeignKey(FindingStep, on_delete=models.PROTECT, related_name="evidence")
    version = models.ForeignKey(
        EvidenceVersion, on_delete=models.PROTECT, related_name="corrections"
    )

    class Meta:
        ordering = ["step_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "version"], name="step_evidence_once"),
        ]

    def __str__(self) -> str:
        return str(self.version)

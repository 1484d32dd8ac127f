from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Site
from stannary.web.publications.models import PublishedResult


class Achievement(models.Model):
    """A level that a site has reached: from when, until when, on which result. Never changed."""

    achievement_id = models.CharField(
        max_length=200, unique=True, help_text=_("What lots name as their attestation.")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="achievements")
    standard = models.CharField(max_length=200)
    level = models.CharField(max_length=40)
    valid_from = models.DateField(help_text=_("First day in force."))
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("First day no longer in force; empty: no end is known.")
    )
    result = models.OneToOneField(
        PublishedResult,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="achievement",
        help_text=_("What it rests on; empty when that is not recorded here."),
    )

    class Meta:
        ordering = ["site_id", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="achievement_ends_after_it_begins",
                violation_error_code="ATTESTATION-003",
            ),
            models.CheckConstraint(condition=~Q(level=""), name="achievement_has_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.level}"


class StatusChange(models.Model):
    """An act that changed the status of an achievement on a day. Never changed itself."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("in force")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    achievement = models.ForeignKey(
        Achievement, on_delete=models.PROTECT, related_name="status_changes"
    )
    on = models.DateField(help_text=_("First day on which the status holds."))
    status = models.CharField(max_length=20, choices=Status)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(help_text=_("When it was recorded."))

    class Meta:
        ordering = ["achievement_id", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "on"],
                name="status_change_one_a_day",
                violation_error_code="ATTESTATION-005",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_force", "suspended", "withdrawn"]),
                name="status_change_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.status}"

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.core import stakeholders
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person

GROUPS = [str(one) for one in stakeholders.Group]
CHANNELS = [str(one) for one in stakeholders.Channel]
DISPOSITIONS = [str(one) for one in stakeholders.Disposition]


class InputRecord(models.Model):
    """What a group said in an audit: a fact, never changed; a correction is another entry.

    There is no column for who said it, and none for where.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="stakeholder_input"
    )
    number = models.PositiveIntegerField(help_text=_("From 1 in each engagement."))
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=40)
    people = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many spoke; empty: nobody counted.")
    )
    topic = models.TextField(help_text=_("What was said, in words that are published."))
    requirements = models.JSONField(default=list, help_text=_("Ids, in the order given."))
    said_from = models.CharField(max_length=10)
    said_until = models.CharField(max_length=10)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text=_("The entry that this one corrects."),
    )
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recorded_input")
    at = models.DateTimeField()

    class Meta:
        ordering = ["engagement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="input_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, group__in=GROUPS, channel__in=CHANNELS) & ~Q(topic=""),
                name="input_group_and_channel_known",
                violation_error_code="STAKEHOLDER-001",
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=True) | Q(people__gte=1),
                name="input_people_from_one",
                violation_error_code="STAKEHOLDER-005",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="input_replaces_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.group}"


class InputDecision(models.Model):
    """What became of an entry: a fact, never changed; the newest one counts."""

    entry = models.ForeignKey(InputRecord, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField(help_text=_("From 1 for each entry."))
    disposition = models.CharField(max_length=20)
    reason = models.TextField(help_text=_("Why, in words that are published."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decided_input")
    at = models.DateTimeField()

    class Meta:
        ordering = ["entry_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"],
                name="input_decision_number_once",
                violation_error_code="STAKEHOLDER-020",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, disposition__in=DISPOSITIONS) & ~Q(reason=""),
                name="input_decision_has_a_reason",
                violation_error_code="STAKEHOLDER-006",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.disposition}"

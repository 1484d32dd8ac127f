import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stannary.core import cycle
from stannary.web.parties.models import Organisation, Person, Site, Unit

STATES = [str(state) for state in cycle.State]
KINDS = [str(kind) for kind in cycle.ActKind]
ROLES = [str(role) for role in cycle.Role]
MEMBER_ROLES = [role for role in ROLES if role != cycle.Role.SECRETARIAT]
"""Roles that are given one by one; the secretariat is in every engagement."""


class Engagement(models.Model):
    """A site's way to publication and on to reassessment, under one edition of a standard.

    What it is follows from its acts. `state` and `on_route` only keep what the acts give, so that
    lists are fast; `operations.rebuild` computes them anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="engagements")
    edition_id = models.CharField(
        max_length=200, help_text=_("publisher/standard/edition of the pack")
    )
    standard = models.CharField(max_length=160, help_text=_("publisher/standard of the pack"))
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="operated_engagements"
    )
    firm = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        help_text=_("The audit firm, once it is named."),
    )
    title = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="opened_engagements"
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        help_text=_("The engagement that this one takes the place of: reassessment."),
    )
    state = models.CharField(max_length=40, default=cycle.State.SELF_ASSESSMENT.value)
    on_route = models.BooleanField(
        default=True, help_text=_("On its way to publication; a suspended one may be, too.")
    )

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [models.Index(fields=["state"], name="engagement_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="engagement_state_known"),
            models.UniqueConstraint(
                fields=["site", "standard"],
                condition=Q(on_route=True),
                name="engagement_one_on_route",
                violation_error_code="ENGAGEMENT-013",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.edition_id}"


class ActRecord(models.Model):
    """One act in an engagement: a fact, never changed.

    Acts are numbered from 1. Two people who act at the same moment would write the same number,
    so one of them is refused (ENGAGEMENT-020).
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="engagement_acts")
    on = models.DateField(help_text=_("The day that counts for clocks."))
    at = models.DateTimeField(help_text=_("When it was recorded."))
    reason = models.TextField(blank=True)
    refers_to = models.CharField(
        max_length=100, blank=True, help_text=_("Number of another act, or a requirement.")
    )
    clock = models.CharField(max_length=40, blank=True)
    until = models.DateField(null=True, blank=True)
    level_pending = models.BooleanField(default=False)
    facts = models.TextField(
        default="{}", help_text=_("What was known when it was checked, as canonical JSON.")
    )

    class Meta:
        ordering = ["engagement_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "number"],
                name="act_number_once",
                violation_error_code="ENGAGEMENT-020",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(kind__in=KINDS) & Q(role__in=ROLES),
                name="act_kind_and_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Member(models.Model):
    """What a person is in one engagement, from when to when."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="added_members")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["engagement_id", "role", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=MEMBER_ROLES), name="member_role_known"),
            models.UniqueConstraint(
                fields=["engagement", "person", "role"],
                condition=Q(ended_at__isnull=True),
                name="member_once_in_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}"


class ScopeUnit(models.Model):
    """A unit of the site that the engagement covers: a pit, a plant, a waste facility."""

    class Kind(models.TextChoices):
        PIT = "pit", _("open pit")
        UNDERGROUND = "underground", _("underground mine")
        PLANT = "plant", _("plant")
        TAILINGS = "tailings", _("tailings facility")
        WASTE_ROCK = "waste_rock", _("waste rock")
        CAMP = "camp", _("camp")
        ROAD = "road", _("road")
        PORT = "port", _("port")
        OTHER = "other", _("other")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PIT)
    note = models.TextField(blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="in_scopes",
        help_text=_("The unit of the site that was chosen; empty for one that was typed in."),
    )
    materials = models.CharField(
        max_length=400, blank=True, help_text=_("Keys of materials, as the unit had them.")
    )

    class Meta:
        ordering = ["engagement_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "name"],
                name="scope_unit_name_once",
                violation_error_code="ENGAGEMENT-024",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RelevanceProposal(models.Model):
    """A chapter that the site proposes as not relevant, and what the lead auditor said to it.

    A refused one is assessed like every other chapter.
    """

    class Judged(models.TextChoices):
        ACCEPTED = "accepted", _("accepted: not relevant")
        REFUSED = "refused", _("refused: is assessed")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="proposals")
    chapter = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="relevance_proposals"
    )
    proposed_at = models.DateTimeField()
    judged = models.CharField(max_length=20, choices=Judged, null=True, blank=True)  # noqa: DJ001 - null is not judged yet
    judged_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="relevance_judgements",
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    judgement = models.TextField(blank=True, help_text=_("Why it was judged so."))

    class Meta:
        ordering = ["engagement_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "chapter"], name="chapter_proposed_once"),
            models.CheckConstraint(
                condition=Q(judged__isnull=True, judged_by__isnull=True, judged_at__isnull=True)
                | Q(
                    judged__in=["accepted", "refused"],
                    judged_by__isnull=False,
                    judged_at__isnull=False,
                )
                & ~Q(judgement=""),
                name="proposal_judged_by_somebody",
                violation_error_code="ENGAGEMENT-026",
            ),
        ]

    def __str__(self) -> str:
        return self.chapter


class SentReminder(models.Model):
    """A reminder of a clock to one person: made once for each step, however often it is looked for."""

    class State(models.TextChoices):
        QUEUED = "queued", _("to be sent")
        WAITING = "waiting", _("waits for the mail server")
        SENT = "sent", _("sent")
        WRITTEN = "written", _("written to the folder of mail; there is no mail server")
        REFUSED = "refused", _("refused by the mail server")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="reminders")
    clock = models.CharField(max_length=40)
    step = models.CharField(max_length=200, help_text=_("The same on every day of the step."))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reminders")
    due = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    queued_at = models.DateTimeField(help_text=_("When it was put into the queue last."))
    tries = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["state"], name="reminder_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "step", "person"], name="reminder_once_a_step"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "waiting", "sent", "written", "refused"]),
                name="reminder_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.step

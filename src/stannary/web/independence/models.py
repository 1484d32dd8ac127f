"""Facts about firms and their people. A row is added and never changed: see migration 0002.

What ends or takes back an earlier fact is a row of its own that names it.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Person, Site

KEYS = _("Separated by blanks; * for any.")


class FirmApplication(models.Model):
    """What an audit firm asks to be approved for."""

    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    standards = models.CharField(max_length=1000, help_text=_("publisher/standard, by blanks."))
    countries = models.CharField(max_length=1000, help_text=KEYS)
    materials = models.CharField(max_length=1000, help_text=KEYS)
    statement = models.TextField(help_text=_("Why the firm is able to do it, in its own words."))
    submitted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="firm_applications"
    )
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(standards="") & ~Q(countries="") & ~Q(materials=""),
                name="application_names_its_scope",
                violation_error_code="INDEPENDENCE-020",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.submitted_at:%Y-%m-%d}"


class ApplicationDecision(models.Model):
    """What the secretariat made of an application; there is at most one."""

    application = models.OneToOneField(
        FirmApplication, on_delete=models.PROTECT, related_name="decision"
    )
    granted = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="application_decisions"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(granted=True) | ~Q(reason=""),
                name="refused_application_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {'granted' if self.granted else 'refused'}"


class FirmApproval(models.Model):
    """What a firm may audit: every edition of one standard, in countries, of materials."""

    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="approvals")
    application = models.ForeignKey(
        FirmApplication, on_delete=models.PROTECT, related_name="approvals"
    )
    standard = models.CharField(max_length=200, help_text=_("publisher/standard"))
    countries = models.CharField(max_length=1000, help_text=KEYS)
    materials = models.CharField(max_length=1000, help_text=KEYS)
    since = models.DateField(help_text=_("First day."))
    until = models.DateField(null=True, blank=True, help_text=_("Last day; empty: without end."))
    granted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="granted_approvals"
    )
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["firm_id", "standard", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "standard"], name="approval_one_for_each_standard"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="approval_ends_after_it_begins",
                violation_error_code="INDEPENDENCE-023",
            ),
            models.CheckConstraint(
                condition=~Q(standard="") & ~Q(countries="") & ~Q(materials=""),
                name="approval_names_its_scope",
                violation_error_code="INDEPENDENCE-020",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.standard}"


class ApprovalEnd(models.Model):
    """The last day of an approval that ends earlier than was granted, and why."""

    approval = models.OneToOneField(FirmApproval, on_delete=models.PROTECT, related_name="end")
    last_day = models.DateField()
    reason = models.TextField(help_text=_("In words that anybody may read."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended_approvals")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="ended_approval_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval} ends {self.last_day}"


class Suspension(models.Model):
    """A time in which an approval gives nothing, and why."""

    approval = models.ForeignKey(FirmApproval, on_delete=models.PROTECT, related_name="suspensions")
    since = models.DateField(help_text=_("First day."))
    until = models.DateField(
        null=True, blank=True, help_text=_("First day on which it counts again; empty: not known.")
    )
    reason = models.TextField(help_text=_("In words that anybody may read."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suspensions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["approval_id", "since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="suspension_ends_after_it_begins",
                violation_error_code="INDEPENDENCE-023",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="suspension_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval} suspended {self.since}"


class SuspensionEnd(models.Model):
    """The end of a suspension that was not known, or came earlier than was said."""

    suspension = models.OneToOneField(Suspension, on_delete=models.PROTECT, related_name="end")
    until = models.DateField(help_text=_("First day on which the approval counts again."))
    reason = models.TextField(help_text=_("In words that anybody may read."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended_suspensions")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="ended_suspension_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suspension} until {self.until}"


class CompetenceRecord(models.Model):
    """Something that a person is qualified for, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="competences")
    kind = models.CharField(max_length=40, help_text=_("As the pack names it."))
    since = models.DateField(help_text=_("First day."))
    until = models.DateField(null=True, blank=True, help_text=_("Last day; empty: no end."))
    source = models.CharField(max_length=400, help_text=_("Certificate or body that says so."))
    recorded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="recorded_competences"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["person_id", "kind", "since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="competence_ends_after_it_begins",
                violation_error_code="INDEPENDENCE-023",
            ),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(source=""),
                name="competence_has_source",
                violation_error_code="INDEPENDENCE-026",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"


class CompetenceWithdrawal(models.Model):
    """A competence that was recorded by mistake, or lost; it counts no more, for no day."""

    competence = models.OneToOneField(
        CompetenceRecord, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="withdrawn_competences")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="withdrawn_competence_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence} withdrawn"


class DeclarationRequest(models.Model):
    """A person is asked to declare their interests for one engagement."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="declaration_requests"
    )
    engagement_id = models.UUIDField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="declaration_requests")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="declaration_requests"
    )
    asked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="asked_declarations"
    )
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "engagement_id"], name="declaration_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.engagement_id}"


class DeclarationRecord(models.Model):
    """What a person declared for one engagement; the newest counts."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="declarations")
    engagement_id = models.UUIDField()
    declared_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["engagement_id", "person"], name="declaration_engagement")]

    def __str__(self) -> str:
        return f"{self.person} {self.engagement_id} {self.declared_on}"


class InterestRecord(models.Model):
    """A tie between a person and an operator, as they declared it."""

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment", _("employment")
        ADVICE = "advice", _("advice")
        SHARES = "shares", _("shares")
        FAMILY = "family", _("family")
        OTHER = "other", _("other")

    declaration = models.ForeignKey(
        DeclarationRecord, on_delete=models.PROTECT, related_name="interests"
    )
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="declared_interests"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    until = models.DateField(null=True, blank=True, help_text=_("Last day; empty: it goes on."))
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["declaration_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["employment", "advice", "shares", "family", "other"]),
                name="interest_kind_known",
                violation_error_code="INDEPENDENCE-027",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.operator}"


class InterestClearing(models.Model):
    """The secretariat's judgement that an interest does not stand in the way."""

    interest = models.OneToOneField(
        InterestRecord, on_delete=models.PROTECT, related_name="clearing"
    )
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cleared_interests")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="cleared_interest_has_reason",
                violation_error_code="INDEPENDENCE-024",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interest} cleared"


class FeeFigures(models.Model):
    """What a firm earned in a financial year, from an operator and its group, and in all."""

    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fee_figures")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="paid_fee_figures"
    )
    year_ended_on = models.DateField(help_text=_("Last day of the financial year."))
    from_operator = models.BigIntegerField(help_text=_("Whole units of the currency."))
    in_all = models.BigIntegerField(help_text=_("Whole units of the currency."))
    currency = models.CharField(max_length=3, help_text=_("ISO 4217"))
    recorded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="recorded_figures"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-year_ended_on", "-recorded_at", "-id"]
        indexes = [models.Index(fields=["firm", "operator"], name="fee_figures_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_operator__gte=0)
                & Q(in_all__gt=0)
                & Q(from_operator__lte=F("in_all")),
                name="fee_figures_add_up",
                violation_error_code="INDEPENDENCE-028",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.operator} {self.year_ended_on}"


class PastLead(models.Model):
    """Who led a full audit of a site."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="past_leads")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="past_leads")
    ended_on = models.DateField(help_text=_("Last day of the site visit."))
    engagement_id = models.UUIDField(
        null=True, blank=True, help_text=_("Empty for an audit that was not led through here.")
    )
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recorded_leads")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["site_id", "ended_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "ended_on"],
                name="past_lead_once",
                violation_error_code="INDEPENDENCE-029",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.site} {self.ended_on}"

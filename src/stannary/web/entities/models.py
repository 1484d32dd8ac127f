"""Facts about entities and their certificates. A row is added and never changed: see migration 0002."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Person

BY_BLANKS = _("Separated by blanks.")


class EntityRecord(models.Model):
    """What an organisation does in the chain; it can do several things."""

    class Kind(models.TextChoices):
        MINE = "mine", _("mine")
        CONCENTRATOR = "concentrator", _("concentrator")
        SMELTER = "smelter", _("smelter")
        REFINER = "refiner", _("refiner")
        TRADER = "trader", _("trader")
        MANUFACTURER = "manufacturer", _("manufacturer")
        BRAND = "brand", _("brand")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="entity_records"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                name="entity_kind_once",
                violation_error_code="ENTITY-001",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind}"


class Certificate(models.Model):
    """A chain of custody certificate of an entity, as it was issued."""

    number = models.SlugField(unique=True, max_length=80, help_text=_("Public and permanent."))
    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="custody_certificates"
    )
    kind = models.CharField(max_length=20, choices=EntityRecord.Kind)
    pack = models.CharField(max_length=200, help_text=_("Id of the custody pack."))
    mass_balance_method = models.CharField(
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("By which accounts are kept; empty: the first that the pack allows."),
    )
    sites = models.TextField(help_text=BY_BLANKS)
    materials = models.TextField(help_text=_("In the words of movements, one on a line."))
    models_covered = models.CharField(max_length=200, help_text=BY_BLANKS)
    valid_from = models.DateField(help_text=_("First day."))
    valid_until = models.DateField(help_text=_("First day no longer in force."))
    pilot = models.BooleanField(
        default=False, help_text=_("What it covers is marked, and counts towards no claim.")
    )
    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="issued_certificates"
    )
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["holder_id", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="certificate_ends_after_it_begins",
                violation_error_code="CUSTODY-075",
            ),
            models.CheckConstraint(
                condition=~Q(sites="") & ~Q(materials="") & ~Q(models_covered=""),
                name="certificate_names_its_scope",
                violation_error_code="ENTITY-002",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateAgreement(models.Model):
    """A contractor's site at which work is done for the holder of a certificate."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="agreements"
    )
    contractor = models.CharField(max_length=200)
    site = models.CharField(max_length=200)
    valid_from = models.DateField(help_text=_("First day."))
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("First day no longer in force; empty: no end is known.")
    )
    reference = models.CharField(max_length=400, help_text=_("Where the agreement is kept."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["certificate_id", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="agreement_ends_after_it_begins",
                violation_error_code="ENTITY-006",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.contractor}"


class CertificateStep(models.Model):
    """That a certificate was suspended, reinstated or withdrawn, from a day on, and why."""

    class Status(models.TextChoices):
        SUSPENDED = "suspended", _("suspended")
        IN_FORCE = "in_force", _("in force again")
        WITHDRAWN = "withdrawn", _("withdrawn")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="steps")
    on = models.DateField(help_text=_("First day on which it holds."))
    status = models.CharField(max_length=20, choices=Status)
    reason = models.TextField(help_text=_("In words that anybody may read."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["certificate_id", "on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "on"],
                name="certificate_changes_once_a_day",
                violation_error_code="CUSTODY-075",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="certificate_step_has_reason",
                violation_error_code="ENTITY-004",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.status} {self.on}"


class CertificateGroup(models.Model):
    """Sites of a certificate that keep accounts of mass balance together; issued with it."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=200, help_text=_("As movements name the account."))
    sites = models.TextField(help_text=BY_BLANKS)

    class Meta:
        ordering = ["certificate_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "name"],
                name="group_named_once",
                violation_error_code="CUSTODY-102",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(sites=""),
                name="group_names_its_sites",
                violation_error_code="CUSTODY-102",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.name}"


class PilotEnd(models.Model):
    """That a pilot is a full certificate from a day on, and why: once."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="pilot_end"
    )
    on = models.DateField(help_text=_("First day on which it is a pilot no longer."))
    reason = models.TextField(help_text=_("In words that anybody may read."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="pilot_ends_with_reason",
                violation_error_code="ENTITY-010",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.on}"


class SurveillanceVisit(models.Model):
    """That the holder of a certificate was audited in between, and what was found."""

    class Outcome(models.TextChoices):
        CONFORMS = "conforms", _("conforms")
        WITH_FINDINGS = "with_findings", _("conforms, with findings to correct")
        DOES_NOT_CONFORM = "does_not_conform", _("does not conform")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField(help_text=_("Day on which it was done."))
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(help_text=_("In words that anybody may read."))
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text=_("Who recorded it.")
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["certificate_id", "on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "on"],
                name="surveillance_once_a_day",
                violation_error_code="CUSTODY-104",
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="surveillance_says_what_was_found",
                violation_error_code="ENTITY-011",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.on} {self.outcome}"


class SurveillanceReminder(models.Model):
    """That somebody was reminded of surveillance: once a step."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField(help_text=_("Last day on which it is in time."))
    days = models.PositiveSmallIntegerField(
        help_text=_("At most so many days before; 0: it is overdue.")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "due_on", "days", "person"], name="surveillance_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.due_on} {self.days}"


class ConversionFactor(models.Model):
    """Which part of an element comes out of a process, as somebody stated it; it counts once approved."""

    entity = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conversion_factors",
        help_text=_("Who stated it; empty: a secretariat."),
    )
    material = models.CharField(max_length=200, help_text=_("In the words of movements."))
    product = models.CharField(max_length=200, help_text=_("In the words of movements."))
    process = models.CharField(max_length=200)
    element = models.CharField(max_length=80)
    factor = models.CharField(max_length=90, help_text=_("Exact: a whole number or a fraction."))
    source = models.CharField(max_length=400, help_text=_("Where it was read or measured."))
    valid_from = models.DateField(help_text=_("First day."))
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("First day no longer in force; empty: no end is known.")
    )
    illustrative = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="factor_ends_after_it_begins",
                violation_error_code="CUSTODY-077",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(process="") & ~Q(element=""),
                name="factor_names_its_source",
                violation_error_code="CUSTODY-077",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} > {self.product} {self.factor}"


class FactorStep(models.Model):
    """That a conversion factor was approved, or withdrawn from a day on: each once."""

    class Kind(models.TextChoices):
        APPROVED = "approved", _("approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    factor = models.ForeignKey(ConversionFactor, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind)
    on = models.DateField(help_text=_("First day on which it holds."))
    reason = models.TextField(blank=True, help_text=_("In words that anybody may read."))
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text=_("Whose secretariat.")
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["factor_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "kind"],
                name="factor_step_once",
                violation_error_code="ENTITY-008",
            ),
            models.CheckConstraint(
                condition=Q(kind="approved") | ~Q(reason=""),
                name="factor_withdrawn_with_reason",
                violation_error_code="ENTITY-009",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id} {self.kind} {self.on}"


class Disclosure(models.Model):
    """How far an entity lets pages about mines and the register tell what it holds; the newest counts."""

    class Shown(models.TextChoices):
        NAME = "name", _("its name")
        COUNTRY = "country", _("only the country")
        HIDDEN = "hidden", _("nothing")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="disclosures"
    )
    shown = models.CharField(max_length=20, choices=Shown)
    quantities = models.BooleanField(default=False, help_text=_("Whether quantities are told."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["organisation_id", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.shown}"

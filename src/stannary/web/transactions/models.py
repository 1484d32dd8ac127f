import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import MASS_MAX_MG
from stannary.core.transactions import Capacity, Goods, PeriodStepKind, StepKind
from stannary.web.parties.models import Organisation, Person

KINDS = [str(kind) for kind in StepKind]
CLOSING = [str(kind) for kind in PeriodStepKind]
CAPACITIES = [str(one) for one in Capacity]
PARTIES = ["seller", "buyer", "register"]


class Offer(models.Model):
    """What a seller offers a buyer: a fact, never changed. What became of it are its steps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers_made")
    buyer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="offers_received"
    )
    goods = models.CharField(max_length=20, default=str(Goods.LOT))
    lot = models.CharField(max_length=200, help_text=_("Id of the lot, or of the credit."))
    material = models.CharField(max_length=200)
    quantity_mg = models.BigIntegerField(
        help_text=_("Milligrams offered: dry mass of a lot; of credits, the contained element.")
    )
    content_mg = models.BigIntegerField(
        null=True, blank=True, help_text=_("Content of that mass; none for credits.")
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text=_("First instant at which it is no longer open."))

    class Meta:
        ordering = ["-offered_at", "id"]
        indexes = [models.Index(fields=["lot"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(seller=F("buyer")) & ~Q(lot=""),
                name="offer_names_two_parties",
                violation_error_code="TRANSACTION-001",
            ),
            models.CheckConstraint(
                condition=Q(quantity_mg__gte=1, quantity_mg__lte=MASS_MAX_MG)
                & (
                    Q(goods="lot", content_mg__isnull=False, content_mg__gte=1)
                    & Q(content_mg__lte=F("quantity_mg"))
                    | Q(goods="credits", content_mg__isnull=True)
                ),
                name="offer_has_a_quantity",
                violation_error_code="TRANSACTION-002",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")),
                name="offer_ends_later",
                violation_error_code="TRANSACTION-003",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} to {self.buyer.slug}"


class OfferStep(models.Model):
    """One step in a transaction: a fact, never changed.

    The offer is number 1, what ends it number 2. Two who answer at the same moment would write the
    same number, so one of them is refused (TRANSACTION-006).
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    party = models.CharField(max_length=20)
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="offer_steps"
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    quantity_mg = models.BigIntegerField(
        null=True, blank=True, help_text=_("The part that was accepted.")
    )
    site = models.CharField(max_length=200, blank=True, help_text=_("Where the buyer received it."))

    class Meta:
        ordering = ["offer_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "number"],
                name="offer_step_number_once",
                violation_error_code="TRANSACTION-006",
            ),
            models.CheckConstraint(
                condition=Q(number__in=[1, 2], kind__in=KINDS, party__in=PARTIES),
                name="offer_step_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="accept_part", quantity_mg__isnull=False, quantity_mg__gte=1)
                | ~Q(kind="accept_part") & Q(quantity_mg__isnull=True),
                name="offer_part_is_named",
                violation_error_code="TRANSACTION-009",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class CounterStatement(models.Model):
    """What another party says of its account with an organisation: as it came, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="counter_statements"
    )
    counterparty = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    begin = models.DateTimeField()
    end = models.DateTimeField(help_text=_("First instant after the period."))
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text=_("Of the file."))
    content = models.BinaryField()
    handed_in_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()

    class Meta:
        ordering = ["-handed_in_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "counterparty", "begin", "end", "sha256"],
                name="counter_statement_is_kept_once",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="counter_statement_has_a_period",
                violation_error_code="TRANSACTION-020",
            ),
            models.CheckConstraint(
                condition=~Q(holder=F("counterparty")),
                name="counter_statement_is_of_another",
                violation_error_code="TRANSACTION-022",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosingPeriod(models.Model):
    """A period of an organisation's accounts: a fact; how it stands follows from its steps."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="closing_periods"
    )
    begin = models.DateTimeField()
    end = models.DateTimeField(help_text=_("First instant after it."))

    class Meta:
        ordering = ["organisation_id", "begin"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "begin"],
                name="closing_period_begins_once",
                violation_error_code="TRANSACTION-044",
            ),
            models.UniqueConstraint(
                fields=["organisation", "end"],
                name="closing_period_ends_once",
                violation_error_code="TRANSACTION-044",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="closing_period_has_time",
                violation_error_code="TRANSACTION-020",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begin.date()} {self.end.date()}"


class ClosingStep(models.Model):
    """What somebody did about a period: a fact, never changed."""

    period = models.ForeignKey(ClosingPeriod, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="closing_steps")
    capacity = models.CharField(max_length=20)
    at = models.DateTimeField()
    balances = models.TextField(help_text=_("Account to milligrams, as JSON."))
    reason = models.TextField(blank=True)
    correction = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["period_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "number"],
                name="closing_step_number_once",
                violation_error_code="TRANSACTION-040",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, kind__in=CLOSING, capacity__in=CAPACITIES),
                name="closing_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

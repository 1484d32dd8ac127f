import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import MASS_MAX_MG
from stannary.core.transactions import StepKind
from stannary.web.parties.models import Organisation, Person

KINDS = [str(kind) for kind in StepKind]
PARTIES = ["seller", "buyer", "register"]


class Offer(models.Model):
    """What a seller offers a buyer of a lot: a fact, never changed. What became of it are its steps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers_made")
    buyer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="offers_received"
    )
    lot = models.CharField(max_length=200)
    material = models.CharField(max_length=200)
    quantity_mg = models.BigIntegerField(help_text=_("Dry mass offered, in milligrams."))
    content_mg = models.BigIntegerField(help_text=_("Content of that mass, in milligrams."))
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
                condition=Q(quantity_mg__gte=1, quantity_mg__lte=MASS_MAX_MG, content_mg__gte=1)
                & Q(content_mg__lte=F("quantity_mg")),
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

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import MASS_MAX_MG


class Book(models.Model):
    """The one row that whoever books locks first, so that two people never book the same kilogram."""

    movements = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="custody_has_one_book")]

    def __str__(self) -> str:
        return str(self.movements)


class Movement(models.Model):
    """One row of a custody file: a lot that takes part in an event. Never changed.

    Its key is its place in the file order.
    """

    event = models.CharField(max_length=200, db_index=True)
    at = models.DateTimeField()
    offset_minutes = models.SmallIntegerField(
        default=0, help_text=_("Offset of the record's own clock from UTC.")
    )
    kind = models.CharField(max_length=20)
    site = models.CharField(max_length=200)
    entity = models.CharField(max_length=200)
    lot = models.CharField(max_length=200)
    side = models.CharField(max_length=4)
    material = models.CharField(max_length=200)
    mass_mg = models.BigIntegerField(help_text=_("Dry mass in milligrams."))
    content_mg = models.BigIntegerField(help_text=_("Mass of the tracked element in milligrams."))
    model = models.CharField(max_length=40, blank=True)
    attestation = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["lot", "side"]), models.Index(fields=["site", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(mass_mg__gte=1) & Q(mass_mg__lte=MASS_MAX_MG),
                name="movement_mass",
                violation_error_code="KERNEL-001",
            ),
            models.CheckConstraint(
                condition=Q(content_mg__gte=1) & Q(content_mg__lte=F("mass_mg")),
                name="movement_content",
                violation_error_code="CUSTODY-027",
            ),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(side="out"),
                name="lot_is_made_once",
                violation_error_code="CUSTODY-001",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.kind} {self.side} {self.lot}"


class Lot(models.Model):
    """What the movements say of a lot now: a projection, made anew from them at each booking."""

    lot_id = models.CharField(max_length=200, unique=True)
    material = models.CharField(max_length=200)
    mass_mg = models.BigIntegerField()
    content_mg = models.BigIntegerField()
    left_mass_mg = models.BigIntegerField()
    left_content_mg = models.BigIntegerField()
    model = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    site = models.CharField(max_length=200)
    holder = models.CharField(
        max_length=200, blank=True, help_text=_("Empty: used up or under way.")
    )
    holder_site = models.CharField(max_length=200, blank=True)
    in_transit = models.BooleanField(default=False)

    class Meta:
        ordering = ["lot_id"]
        indexes = [models.Index(fields=["holder"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_mass_mg__gte=0) & Q(left_mass_mg__lte=F("mass_mg")),
                name="lot_left_mass",
                violation_error_code="CUSTODY-006",
            ),
            models.CheckConstraint(
                condition=Q(left_content_mg__gte=0) & Q(left_content_mg__lte=F("content_mg")),
                name="lot_left_content",
                violation_error_code="CUSTODY-007",
            ),
        ]

    def __str__(self) -> str:
        return self.lot_id

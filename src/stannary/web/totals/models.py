from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MineTotal(models.Model):
    """What a mine's material came to on a day, as it was entered in the log. Never changed."""

    mine = models.CharField(max_length=200, help_text=_("Permanent id of the site."))
    day = models.DateField()
    at = models.DateTimeField(help_text=_("When it was entered."))
    last_movement = models.PositiveBigIntegerField(
        help_text=_("Key of the newest movement then booked.")
    )
    root = models.CharField(max_length=64, help_text=_("Hexadecimal."))
    leaves = models.PositiveIntegerField()
    total_mg = models.BigIntegerField()
    held_mg = models.BigIntegerField()
    under_way_mg = models.BigIntegerField()
    produced_mg = models.BigIntegerField()
    log_index = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering = ["mine", "-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "day"],
                name="total_once_a_day",
                violation_error_code="TOTAL-009",
            ),
            models.CheckConstraint(
                condition=Q(held_mg__gte=0) & Q(under_way_mg__gte=0),
                name="total_is_not_negative",
                violation_error_code="TOTAL-001",
            ),
            models.CheckConstraint(
                condition=Q(total_mg=F("held_mg") + F("under_way_mg"))
                & Q(total_mg__lte=F("produced_mg")),
                name="total_within_production",
                violation_error_code="TOTAL-008",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mine} {self.day}"

    @property
    def gone_mg(self) -> int:
        """What was produced and is not in the total."""
        return self.produced_mg - self.total_mg


class MineShare(models.Model):
    """What of a total one holder has: from this its receipt is made again. Never changed."""

    total = models.ForeignKey(MineTotal, on_delete=models.PROTECT, related_name="shares")
    holder = models.CharField(max_length=200, db_index=True)
    sum_mg = models.BigIntegerField()
    lots = models.TextField(help_text=_("Lot, milligrams and whether it is under way, as JSON."))
    lots_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["total", "holder"], name="share_once_a_total"),
            models.CheckConstraint(
                condition=Q(sum_mg__gte=0),
                name="share_is_not_negative",
                violation_error_code="TOTAL-001",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total_id} {self.holder}"


class TotalKeptBack(models.Model):
    """That on a day no total was entered: it would have told what one silent holder has. Never changed."""

    mine = models.CharField(max_length=200)
    day = models.DateField()
    last_movement = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["mine", "-day"]
        constraints = [
            models.UniqueConstraint(fields=["mine", "day"], name="total_kept_back_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.mine} {self.day}"

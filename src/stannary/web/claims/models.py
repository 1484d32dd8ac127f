import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Person


class Claim(models.Model):
    """What an organisation says of a lot, as it was signed. Never changed.

    The lot is named by its identifier, as everywhere.
    """

    claim_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    lot = models.CharField(max_length=200, db_index=True)
    wording = models.CharField(max_length=80)
    custody_pack = models.CharField(max_length=120)
    standard = models.CharField(max_length=120)
    level = models.CharField(max_length=40)
    share = models.CharField(max_length=80, help_text=_("Exact fraction of the content: 3/8."))
    element = models.CharField(max_length=60)
    made_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    made_on = models.DateField(help_text=_("First day on which it is valid."))
    valid_until = models.DateField(help_text=_("First day on which it is no longer valid."))
    sentence_en = models.TextField()
    sentence_fr = models.TextField(blank=True)
    file = models.TextField(help_text=_("The claim file, as it is handed out."))
    sha256 = models.CharField(max_length=64, help_text=_("Of the claim file."))
    log_index = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_on")),
                name="claim_ends_after_it_begins",
                violation_error_code="CLAIM-006",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence_en


class ClaimWithdrawal(models.Model):
    """That whoever made a claim takes it back, from a day on. Never changed."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(help_text=_("First day on which it is no longer in force."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="withdrawal_has_a_reason",
                violation_error_code="CLAIM-041",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Person


class Claim(models.Model):
    """What an organisation says of a lot, or of what it blended at a site. Never changed.

    The lot is named by its identifier, as everywhere, and so is the facility.
    """

    claim_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    lot = models.CharField(max_length=200, db_index=True, blank=True)
    facility = models.CharField(
        max_length=200,
        db_index=True,
        blank=True,
        default="",
        db_default="",
        help_text=_("Permanent id of the site that blended; empty for a lot."),
    )
    material = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of the batches that were blended; empty for a lot."),
    )
    period_from = models.DateField(null=True, help_text=_("First day on which it was blended."))
    period_until = models.DateField(null=True, help_text=_("First day after these."))
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
            models.CheckConstraint(
                condition=Q(
                    ~Q(lot=""),
                    facility="",
                    material="",
                    period_from__isnull=True,
                    period_until__isnull=True,
                )
                | Q(
                    ~Q(facility=""),
                    ~Q(material=""),
                    lot="",
                    period_from__isnull=False,
                    period_until__isnull=False,
                    period_until__gt=F("period_from"),
                ),
                name="claim_is_of_a_lot_or_a_site",
                violation_error_code="CLAIM-015",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence_en


class ClaimMark(models.Model):
    """That what is recorded no longer supports a claim, or does so again; the newest counts.

    Written by the register when records change. Never changed.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="marks")
    at = models.DateTimeField()
    affected = models.BooleanField()
    supported = models.CharField(
        max_length=80, help_text=_("Share of the content that still counts, written exactly.")
    )
    codes = models.CharField(
        max_length=400, blank=True, help_text=_("Rules that stand against it, by blanks.")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(affected=False, codes="") | Q(affected=True) & ~Q(codes=""),
                name="claim_mark_says_why",
                violation_error_code="CLAIM-043",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.codes}"


class ClaimWithdrawal(models.Model):
    """That a claim is taken back, from a day on. Never changed."""

    class Party(models.TextChoices):
        MAKER = "maker", _("whoever made it")
        REGISTER = "register", _("the register")

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(max_length=20, choices=Party, db_default="maker", default=Party.MAKER)
    withdrawn_on = models.DateField(help_text=_("First day on which it is no longer in force."))
    log_index = models.PositiveBigIntegerField(
        null=True, unique=True, help_text=_("Entry of the public log that says so.")
    )

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

"""Forms for one movement, one for each common kind: they ask for what this kind needs and nothing else."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from stannary.core.custody import WEIGHING, Model
from stannary.core.kernel import RefusalError
from stannary.formats.movements_tables import mass_mg
from stannary.web.custody.desk import queries
from stannary.web.custody.desk.blanks import kilograms
from stannary.web.custody.desk.single import INPUTS, OUTPUTS, Said
from stannary.web.custody.models import Lot
from stannary.web.custody.views import model_name
from stannary.web.parties.models import Organisation

_OFFSET = RegexValidator(re.compile(r"[+-]\d{2}:\d{2}"), _("Write it like +01:00."))
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
_LONGEST = 200


class Kilograms(forms.CharField):
    """A mass in kilograms, read exactly to the milligram; nothing typed is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        """Read milligrams."""
        try:
            return mass_mg(super().clean(value))
        except RefusalError as refusal:
            rule = refusal.rule
            raise forms.ValidationError(f"{gettext(rule.demand)} {gettext(rule.remedy)}") from None


class Percent(forms.CharField):
    """A share in percent; a comma is read as a point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, required=False, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """Give what was typed, with a point."""
        return str(super().clean(value)).replace(",", ".")


class LotField(forms.ChoiceField):
    """One of the lots that a movement can take."""


class Moment(forms.CharField):
    """A day and a time, as browsers take it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
        known = [RegexValidator(_MOMENT, _("Write it like 2026-03-01T08:00."))]
        super().__init__(widget=widget, validators=known, **kwargs)


def _text(label: Any, *, required: bool = True, listed: str = "", **more: Any) -> forms.CharField:
    attrs = {"list": listed} if listed else {}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, required=required, max_length=_LONGEST, widget=widget, **more
    )


class MovementForm(forms.Form):
    """What every movement says: what it is called, when it was, and a note.

    Attributes:
        task: In the address.
        title: In words.
        about: What it is for.
        taken: Whether it takes lots in stock; None: lots under way.
    """

    task: ClassVar[str]
    title: ClassVar[Any]
    about: ClassVar[Any]
    taken: ClassVar[bool | None] = True

    event = _text(_("Name of what happened"), help_text=_("It may stay as it is."))
    on = Moment(label=_("When"))
    offset = forms.CharField(
        label=_("Offset from UTC there"), max_length=6, validators=[_OFFSET], initial="+00:00"
    )
    note = _text(_("Note, for people"), required=False)

    def __init__(self, *args: Any, holder: Organisation, **kwargs: Any) -> None:
        now = timezone.localtime()
        offset = now.strftime("%z")
        start = {
            "event": f"{self.task}-{now:%Y%m%d-%H%M%S}",
            "on": f"{now:%Y-%m-%dT%H:%M}",
            "offset": f"{offset[:3]}:{offset[3:5]}",
        }
        super().__init__(*args, **{"initial": start, **kwargs})
        self.holder = holder
        self.fields.update(self.more())
        found = queries.under_way() if self.taken is None else queries.stock(holder.name)
        left = found.filter(left_mass_mg__gt=0, left_content_mg__gt=0)
        self.lots = {one.lot_id: one for one in left[: queries.LISTED]}
        self.sites = queries.sites(holder.name) if "site" in self.fields else ()
        if len(self.sites) == 1:
            self.fields["site"].initial = self.sites[0]
        lots = [("", "–"), *((name, _shown(one)) for name, one in self.lots.items())]
        self._chosen = [name for name, asked in self.fields.items() if isinstance(asked, LotField)]
        for name in self._chosen:
            self.fields[name].choices = lots  # type: ignore[attr-defined] # of a choice field
        last = ("event", "on", "offset", "note")
        self.order_fields([name for name in self.fields if name not in last])

    def more(self) -> dict[str, forms.Field]:
        """Give fields whose number is not that of a class; none."""
        return {}

    @property
    def needs_lots(self) -> bool:
        """Tell whether some field is a choice of lots."""
        return bool(self._chosen)

    @property
    def materials(self) -> list[str]:
        """Names of materials that the organisation holds."""
        return sorted({one.material for one in self.lots.values()})

    def said(self) -> Said:
        """Give what was typed, once it is known to be readable."""
        given = self.cleaned_data
        return Said(
            self.task,
            self.holder.name,
            given["event"],
            _at(given["on"], given["offset"]),
            given,
            self.lots,
        )


def _at(on: str, offset: str) -> str:
    return f"{on}{'' if on.count(':') > 1 else ':00'}{offset}"


def _shown(lot: Lot) -> str:
    return f"{lot.lot_id} · {lot.material} · {kilograms(lot.left_mass_mg)} kg"


def _model() -> forms.ChoiceField:
    field = forms.ChoiceField(label=_("Chain of custody model"), required=False)
    field.choices = lambda: [("", "–"), *((str(one), model_name(one)) for one in Model)]
    return field


def _lot(label: Any = None, *, required: bool = True) -> LotField:
    return LotField(label=label or _("Lot"), required=required)


def _site() -> forms.CharField:
    return _text(_("Site"), listed="sites")


class ProductionForm(MovementForm):
    """A lot that was mined."""

    task = "production"
    title = gettext_lazy("Production")
    about = gettext_lazy("A lot that was mined: weighed dry, or wet with its moisture.")
    lot = _text(_("Id of the new lot"))
    site = _site()
    material = _text(_("Material"), listed="materials")
    mass_kg = Kilograms(label=_("Dry mass in kg"), required=False)
    wet_kg = Kilograms(label=_("or wet mass in kg"), required=False)
    moisture_percent = Percent(label=_("with moisture in percent"))
    content_kg = Kilograms(label=_("Content in kg"), required=False)
    grade_percent = Percent(label=_("or grade in percent"))
    model = _model()
    attestation = _text(_("Achievement of the mine, if any"), required=False)


class ReceiptForm(MovementForm):
    """A lot that arrived, with what our own scale shows."""

    task = "receipt"
    title = gettext_lazy("Receipt")
    about = gettext_lazy(
        "A lot that arrived. If your scale shows another mass than was sent, the difference is booked with it."
    )
    taken = None
    lot = _lot(_("Lot under way"))
    site = _site()
    scale_kg = Kilograms(
        label=_("Our scale says, dry mass in kg"),
        required=False,
        help_text=_("Empty: as much as was sent."),
    )


class ShipmentForm(MovementForm):
    """A lot that leaves, whole."""

    task = "shipment"
    title = gettext_lazy("Shipment")
    about = gettext_lazy("A lot that leaves, whole: a part is split off before.")
    lot = _lot()


class LossForm(MovementForm):
    """What is gone of a lot."""

    task = "loss"
    title = gettext_lazy("Loss")
    about = gettext_lazy("What is gone of a lot: spilled, evaporated, blown away.")
    lot = _lot()
    mass_kg = Kilograms(label=_("Lost, dry mass in kg"))
    content_kg = Kilograms(
        label=_("Content in kg"),
        required=False,
        help_text=_("Empty: in the share that the lot has."),
    )


class WeighingForm(MovementForm):
    """A lot in stock that was weighed again."""

    task = WEIGHING
    title = gettext_lazy("Difference of weighing")
    about = gettext_lazy(
        "A lot in stock that was weighed again: less becomes a loss, more a purchase and a new lot."
    )
    lot = _lot()
    scale_kg = Kilograms(label=_("Our scale says, dry mass in kg"))


class _ChangeForm(MovementForm):
    """A movement that takes several lots."""

    def more(self) -> dict[str, forms.Field]:
        """Ask for several lots, each with how much of it."""
        found: dict[str, forms.Field] = {}
        for number in range(1, INPUTS + 1):
            found[f"lot_{number}"] = _lot(
                format_lazy(_("Lot {number} that goes in"), number=number), required=False
            )
            found[f"mass_{number}"] = Kilograms(
                label=format_lazy(_("Of lot {number}, dry mass in kg"), number=number),
                required=False,
                help_text=_("Empty: all that is left of it."),
            )
        return found

    def clean(self) -> dict[str, Any] | None:
        """Ask for one lot at least."""
        found = super().clean()
        if not any(self.cleaned_data.get(f"lot_{number}") for number in range(1, INPUTS + 1)):
            self.add_error("lot_1", _("Choose a lot."))
        return found


class BlendForm(_ChangeForm):
    """Lots of one material, put together."""

    task = "blend"
    title = gettext_lazy("Blend")
    about = gettext_lazy("Lots in stock, of one material, put together into a new lot.")

    def more(self) -> dict[str, forms.Field]:
        """Ask for what comes out: one lot that weighs what went in."""
        made = {"lot": _text(_("Id of the new lot")), "site": _site(), "model": _model()}
        return {**super().more(), **made}


class ProcessingForm(_ChangeForm):
    """Lots that a process takes in and puts out."""

    task = "processing"
    title = gettext_lazy("Processing")
    about = gettext_lazy(
        "What a process takes in and puts out. Less content may come out than went in, never more."
    )

    def more(self) -> dict[str, forms.Field]:
        """Ask for what comes out: up to three lots."""
        found = super().more()
        for number in range(1, OUTPUTS + 1):
            found[f"made_{number}"] = _text(
                format_lazy(_("Id of new lot {number}"), number=number), required=number == 1
            )
            found[f"material_{number}"] = _text(
                format_lazy(_("Material of new lot {number}"), number=number),
                required=number == 1,
                listed="materials",
            )
            found[f"made_mass_{number}"] = Kilograms(
                label=format_lazy(_("Dry mass of new lot {number} in kg"), number=number),
                required=number == 1,
            )
            found[f"made_content_{number}"] = Kilograms(
                label=format_lazy(_("Content of new lot {number} in kg"), number=number),
                required=False,
            )
        return {**found, "site": _site(), "model": _model()}


FORMS: dict[str, type[MovementForm]] = {
    form.task: form
    for form in (
        ReceiptForm, ShipmentForm, ProductionForm, ProcessingForm, BlendForm, LossForm, WeighingForm,
    )
}  # fmt: skip


def titles() -> list[tuple[str, str]]:
    """Give the forms by code and title."""
    return [(form.task, str(form.title)) for form in FORMS.values()]

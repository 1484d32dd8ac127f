"""What is typed about surveillance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stannary.web.entities.forms import Day
from stannary.web.entities.models import SurveillanceVisit


class VisitForm(forms.Form):
    """Surveillance that was done."""

    on = forms.DateField(label=_("Day on which it was done"), widget=Day())
    outcome = forms.ChoiceField(label=_("Outcome"), choices=SurveillanceVisit.Outcome)
    note = forms.CharField(
        label=_("What was found; everybody reads this"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

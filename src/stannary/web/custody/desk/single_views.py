"""Pages with which a clerk books one movement: a form, and then the file that it became."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody.desk import operations, queries, report, single, tasks
from stannary.web.custody.desk.forms import FORMS, MovementForm, titles
from stannary.web.custody.models import MovementFile
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape


@login_required
def movement(request: HttpRequest, slug: str, task: str) -> HttpResponse:
    """Ask for one movement; what was typed is handed in as a file, and checked like any other."""
    actor = actor_of(request)
    those = queries.to_book_for(actor=actor, slug=slug)
    if task not in FORMS:
        raise Http404
    form = FORMS[task](request.POST or None, holder=those)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = _handed_in(actor, form)
        except RefusalError as refusal:
            findings = refusal.findings
        else:
            return redirect("stock:file", slug=slug, file_id=row.file_id)
    context = {
        "holder": those,
        "form": form,
        "others": [(code, title) for code, title in titles() if code != task],
        "findings": [finding_shape(one) for one in findings],
    }
    status = 422 if form.is_bound else 200
    return render(request, "custody/desk/movement.html", context, status=status)


def _handed_in(actor: Person, form: MovementForm) -> MovementFile:
    """Hand in what was typed, if it can be read.

    Raises:
        RefusalError: With everything that cannot be read; then nothing is kept.
    """
    said = form.said()
    content = single.file_of(single.lines_of(said))
    name = f"{said.event}.csv"
    examined = report.examine(content, name)
    if examined.findings:
        raise RefusalError(*examined.findings)
    row, is_new = operations.hand_in(
        actor=actor, slug=form.holder.slug, name=name, content=content, at=timezone.now()
    )
    if is_new:
        tasks.start_check(row)
    return row

"""Which mails Sixfold wrote to whom, and what became of them."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, require
from accounts.tabs import setup_tabs
from records.models import Mail

A_PAGE = 50


@require_GET
def outbox(request: PersonRequest) -> HttpResponse:
    """All mails, the newest first; the texts in the demo only.

    A mail may hold a link that lets its recipient set a password: an administrator who
    could read it could become that person.
    """
    require(request, "mail.view")
    mails = Mail.objects.select_related("to").order_by("-id")
    page = Paginator(mails, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mails": page.object_list,
        "shows_text": settings.DEMO,
        "tabs": setup_tabs(request),
    }
    return render(request, "desk/outbox.html", context)

from django.http import HttpRequest, HttpResponse


def verify_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")

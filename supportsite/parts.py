"""Requests of htmx, which puts what it gets into a corner of the page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def is_part(request: HttpRequest) -> bool:
    return "HTTP_HX_REQUEST" in request.META


def lead_to(request: HttpRequest, address: str) -> HttpResponse:
    """Another page. htmx is told to leave this one, because it would put that one into a corner of it."""
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_part(request) else redirect(address)

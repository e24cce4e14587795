"""The yardstick's only address."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

HELLO = "/hello"


def hello(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world")


urlpatterns = [path(HELLO.removeprefix("/"), hello)]

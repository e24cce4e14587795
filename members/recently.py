"""Steps that ask once more who is there, so that nobody who picks up a phone can take them."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase

type _View = Callable[..., HttpResponseBase]


def recently_signed_in(view: _View) -> _View:
    """Opens to whoever proved in the last few minutes that it is them: by password, code or passkey.

    Anybody else does so first, and then the page goes on with what they had asked for, also with what a form sent.
    Signing in is not such a proof: the session may be days old. Stands under `require_http_methods`, and above what
    asks for a role only where its page may tell that it exists.
    """
    guarded: _View = reauthentication_required(view)
    return guarded

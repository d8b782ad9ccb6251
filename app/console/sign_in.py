"""Sign in and sign out."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.access.door import sign_in
from app.access.sessions import sign_out
from app.console.guard import give_cookie, known_visitor, own_page, take_cookie
from app.kit import clock
from app.kit.errors import AppError, NotAllowed, TooMany, Unavailable
from app.kit.secret import Secret
from app.web.guards import guarded, open_to_all
from app.web.here import rt
from app.web.limits import limiter
from app.web.requests import client_address, user_agent

# Open to all by need: nobody has signed in yet, and signing out must work for whoever still holds a cookie.
bp = guarded(Blueprint("door", __name__), open_to_all)

LONGEST_FIELD = 1000


@bp.get("/sign-in")
def show_sign_in() -> ResponseReturnValue:
    """The form; who is signed in already goes on to the page."""
    if known_visitor() is not None:
        return redirect(own_page(request.args.get("next")), 303)
    return _form(email="", refused=None, status=200)


@bp.post("/sign-in")
@limiter.limit("60 per minute")
def do_sign_in() -> ResponseReturnValue:
    """A new session for the right password; otherwise the form again, with the same words whatever was wrong."""
    email = request.form.get("email", "")[:LONGEST_FIELD]
    password = request.form.get("password", "")[:LONGEST_FIELD]
    try:
        if not email.strip() or not password:
            raise NotAllowed("Type your e-mail address and your password.", known=False, code="incomplete")
        secret = sign_in(
            rt().db,
            email=email,
            password=Secret(password),
            address=client_address(),
            user_agent=user_agent(),
            now=clock.now(),
        )
    except (NotAllowed, TooMany, Unavailable) as refused:
        return _form(email=email, refused=refused, status=refused.status)
    response = make_response(redirect(own_page(request.form.get("next")), 303))
    give_cookie(response, secret)
    return response


@bp.post("/sign-out")
def do_sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    found = known_visitor()
    if found is not None:
        with rt().db.write() as session:
            sign_out(session, found, now=clock.now())
    response = make_response(redirect("/console/sign-in", 303))
    take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _form(*, email: str, refused: AppError | None, status: int) -> Response:
    wanted = own_page(request.values.get("next"))
    page = render_template("console/sign_in.html", email=email, refused=refused, next=wanted)
    response = make_response(page, status)
    if isinstance(refused, TooMany):
        response.headers["Retry-After"] = str(refused.retry_after)
    return response

"""What an API call says of itself; openapi.json is built from these."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from web.bodies import Body

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "api_operation"


@dataclass(frozen=True, slots=True)
class Operation:
    """Summary, request body, answers by status (name of a schema, or empty), query parameters, scopes of which a key
    needs one; ``media``: types of files that are taken as the body too, ``gives``: of files that are the answer."""

    summary: str
    body: type[Body] | None = None
    answers: dict[int, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


def operation(
    summary: str,
    *,
    body: type[Body] | None = None,
    answers: dict[int, str] | None = None,
    query: dict[str, str] | None = None,
    scope: str | tuple[str, ...] = (),
    media: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Attach an Operation to a view; innermost of its decorators' order does not matter (``wraps`` keeps it)."""

    scopes = (scope,) if isinstance(scope, str) else scope

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, Operation(summary, body, answers or {200: ""}, query or {}, scopes, media, gives))
        return view

    return mark

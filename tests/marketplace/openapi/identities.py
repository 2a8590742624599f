"""The credentials with which generated requests are sent, by the security schemes of a route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests.auth
from schemathesis.auths import AuthContext, AuthProvider
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import negated_parameters

Case = Any
_AUTHORIZATION = ("Authorization", ParameterLocation.HEADER)


def identity(schemes: Mapping[str, requests.auth.AuthBase]) -> type[AuthProvider[Any]]:
    """A provider of credentials: the first of `schemes` that a route declares signs a request."""

    class Identity:
        def get(self, case: Case, _context: AuthContext) -> requests.auth.AuthBase | None:
            required = case.operation.definition.raw.get("security", [])
            declared = {name for alternative in required for name in alternative}
            if _AUTHORIZATION in negated_parameters(case.meta):
                return None
            return next((auth for name, auth in schemes.items() if name in declared), None)

        def set(self, case: Case, data: requests.auth.AuthBase, _context: AuthContext) -> None:
            case._auth = data

    return Identity

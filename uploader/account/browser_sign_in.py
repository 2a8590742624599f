"""Signs in with the system's browser and returns a `Login` that enrols this device.

The browser opens the marketplace's page, the person lets this computer join, and the browser sends
a code to `LoopbackListener`. The code is exchanged for a token that can only enrol one device
(docs/protocol.md section 12.1); afterwards the device's key is the credential. The caller joins
with the token as with a one-time code.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from uploader.account.loopback import LoopbackListener, ResultPage
from uploader.api.client import MarketplaceClient
from uploader.api.oauth import ENROL, PendingSignIn, discover, exchange
from uploader.api.responses import Grant
from uploader.api.transport import Transport
from uploader.errors import Problem, SignInError
from uploader.retry import retry_briefly

#: Seconds for the person to sign in: also to find the link in a mail.
TIMEOUT_S = 900.0
#: A code is valid for a minute.
_TRIES = 4
_LONGEST_WAIT_S = 8.0


@dataclass(frozen=True)
class TokenLogin:
    """A `Login` by the token of a sign-in. It may be used again within the token's lifetime."""

    token: str = field(repr=False)

    def grant(self, client: MarketplaceClient) -> Grant:
        """Fetch the values of the enrolment. Raises SESSION_EXPIRED."""
        return client.begun(self.token)


class BrowserSignIn:
    """One sign-in at the marketplace `issuer`. `run` blocks; any thread may call `cancel`.

    `show` receives the address for the browser. Showing it may fail without ending the sign-in: the
    person can copy the address into a browser. `device_name` is shown on the marketplace's page.
    """

    def __init__(
        self,
        transport: Transport,
        issuer: str,
        show: Callable[[str], None],
        *,
        device_name: str = "",
        scope: str = ENROL,
        page: ResultPage | None = None,
        timeout_s: float = TIMEOUT_S,
        wait: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self._transport = transport
        self._issuer = issuer.rstrip("/")
        self._show = show
        self._device_name = device_name
        self._scope = scope
        self._page = page
        self._timeout_s = timeout_s
        self._wait = wait
        self._random = random
        self._lock = threading.Lock()  # guards the next two
        self._listener: LoopbackListener | None = None
        self._cancelled = False

    def run(self) -> TokenLogin:
        """Sign in.

        Raises SignInError (SIGN_IN_CANCELLED, SIGN_IN_TIMED_OUT, SIGN_IN_NO_PORT), RefusedError
        (SIGN_IN_FAILED, SIGN_IN_UNSUPPORTED) or NetworkError. The same call may be repeated.
        """
        server = discover(self._transport, self._issuer)
        pending = PendingSignIn()
        with LoopbackListener(
            state=pending.state, issuer=server.issuer, page=self._page
        ) as listener:
            self._begin(listener)
            redirect_uri = listener.redirect_uri
            try:
                address = pending.address(
                    server, redirect_uri, scope=self._scope, device_name=self._device_name
                )
                self._show(address)
                response = listener.wait(self._timeout_s)
            finally:
                with self._lock:
                    self._listener = None
        if response.error == "access_denied":
            raise SignInError(Problem.SIGN_IN_CANCELLED, response.error)
        if response.error:
            raise SignInError(Problem.SIGN_IN_FAILED, response.error)
        return TokenLogin(
            self._with_retries(
                lambda: exchange(self._transport, server, pending, redirect_uri, response.code)
            )
        )

    def cancel(self) -> None:
        """End the sign-in with SIGN_IN_CANCELLED."""
        with self._lock:
            self._cancelled = True
            if self._listener is not None:
                self._listener.cancel()

    def _begin(self, listener: LoopbackListener) -> None:
        with self._lock:
            if self._cancelled:
                raise SignInError(Problem.SIGN_IN_CANCELLED)
            self._listener = listener

    def _with_retries(self, call: Callable[[], str]) -> str:
        """Retry the exchange: a code that the marketplace has not received is still valid."""
        return retry_briefly(
            call, tries=_TRIES, longest_s=_LONGEST_WAIT_S, random=self._random, wait=self._wait
        )

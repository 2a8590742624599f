"""`workdiary-verify witness FOLDER`: a witness of transparency logs (C2SP tlog-witness v1).

Rules kept: a cosignature is returned only after the checkpoint is durable; one lock covers the
comparison with the last checkpoint, the write and the signature, and a file lock covers the folder,
so that no two heads are ever signed; a file that cannot be read is an error and never the state of
a new log. Bodies, connections and their duration are bounded.

The folder has the secret key (`witness.key`), the name (`witness.json`), and for each log
`<SHA-256 of the origin>/checkpoint`: the last checkpoint with the signatures of log and witness.
Checkpoints that contradict it are kept in `evidence/`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from diary.cli.common import UNUSABLE, VALID, UnusableError, print_unusable
from diary.cli.folder_report import plain
from diary.cli.i18n import tr
from diary.cli.output import CommandParser, print_error, print_report
from diary.core.findings import DiaryError
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import canonical, digest
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.signed_note import MAX_NOTE, NoteVerifier, signature_line
from diary.log.witness import MAX_REQUEST, AddCheckpoint, RefusalError, check_request
from diary.log.witnessing.cosignature import CosignatureSigner, CosignatureVerifier, cosigned_at
from diary.log.witnessing.witnesses import Witness, WitnessPolicy
from system.files import private_dir, write_private
from system.locks import LockHeldError, lock_file
from system.private_files import close_umask

ADDRESS = "127.0.0.1:8470"
_KEY, _NAME, _CHECKPOINT, _EVIDENCE = "witness.key", "witness.json", "checkpoint", "evidence"
#: Kept contradictions of one witness; further ones prove nothing new.
MAX_EVIDENCE = 100
#: Open connections; seconds for the next bytes of a request, and for a whole connection.
MAX_CONNECTIONS = 64
_QUIET_S, _CONNECTION_S = 10.0, 60.0


class WitnessStore:
    """The durable state of a witness. Thread-safe. `now_s` is the wall clock (Unix s)."""

    def __init__(
        self,
        folder: Path,
        signer: CosignatureSigner,
        logs: Mapping[str, Sequence[NoteVerifier]],
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._signer = signer
        self._logs = logs
        self._now_s = now_s
        self._lock = threading.Lock()  # guards the files of checkpoints
        own = Witness("own", signer.verifier)
        self._own = WitnessPolicy((own,), (), own.name)

    def add_checkpoint(self, body: bytes) -> bytes:
        """The signature line for a request. Raises RefusalError, and OSError if the state cannot be
        read or written.
        """
        request = AddCheckpoint.parse(body)
        with self._lock:
            latest, time_s = self._latest(request.origin)
            try:
                new = check_request(request, self._logs, latest)
            except RefusalError as error:
                if error.signed:
                    self._keep_evidence(request.note)
                raise
            now = int(self._now_s())
            if now < time_s:
                raise RefusalError(503, "the clock is behind the last cosignature")
            text = request.note.rpartition(b"\n\n")[0] + b"\n"
            line = self._signer.sign(text.decode("utf-8"), now)
            # The log's own signatures and ours, without those of others.
            note = text + b"\n" + self._log_lines(request, new) + line
            if len(note) > MAX_NOTE:
                raise RefusalError(400, "the checkpoint is too long to be cosigned")
            path = self._path(new.origin)
            private_dir(path.parent)
            write_private(path, note)
        return line

    def checkpoint(self, name: str) -> bytes | None:
        """The last cosigned checkpoint of the log whose origin has this SHA-256 (hex)."""
        known = {hashlib.sha256(origin.encode()).hexdigest() for origin in self._logs}
        if name not in known:
            return None
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / name / _CHECKPOINT).read_bytes()
        return None

    def _path(self, origin: str) -> Path:
        return self._folder / hashlib.sha256(origin.encode()).hexdigest() / _CHECKPOINT

    def _latest(self, origin: str) -> tuple[Checkpoint | None, int]:
        """The last cosigned checkpoint and its time. Raises OSError for a damaged file."""
        if origin not in self._logs:
            return None, 0
        try:
            with self._path(origin).open("rb") as file:
                note = file.read(MAX_NOTE + 1)
        except FileNotFoundError:
            return None, 0
        try:
            checkpoint = open_checkpoint(note, self._logs[origin], self._own)
            if checkpoint.origin != origin:
                raise OSError(f"{self._path(origin)} is of another log")
            return checkpoint, self._time(note)
        except DiaryError as error:
            raise OSError(f"{self._path(origin)}: {error.detail}") from error

    def _time(self, note: bytes) -> int:
        lines = note.decode("utf-8").rpartition("\n\n")[2].splitlines()
        own = self._signer.verifier
        times = [
            cosigned_at(signature)
            for name, ident, signature in map(signature_line, lines)
            if (name, ident) == (own.name, own.id)
        ]
        return max(times)

    def _log_lines(self, request: AddCheckpoint, new: Checkpoint) -> bytes:
        lines = request.note.decode("utf-8").rpartition("\n\n")[2].splitlines()
        known = {(key.name, key.id) for key in self._logs[new.origin]}
        kept = dict.fromkeys(line for line in lines if signature_line(line)[:2] in known)
        return "".join(f"{line}\n" for line in kept).encode()

    def _keep_evidence(self, note: bytes) -> None:
        folder = private_dir(self._folder / _EVIDENCE)
        path = folder / f"{digest(note)}.note"
        if not path.exists() and sum(1 for _ in folder.iterdir()) < MAX_EVIDENCE:
            write_private(path, note)


class WitnessServer(ThreadingHTTPServer):
    """The HTTP interface of a witness, for a proxy with TLS."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], state: WitnessStore) -> None:
        """Raises OSError if the address cannot be used."""
        self.state = state
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread, or close a connection too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection for a bounded time."""
        timer = threading.Timer(_CONNECTION_S, _end, [request])
        timer.daemon = True
        timer.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            timer.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no error, and no address goes to the output."""


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = _QUIET_S

    def do_POST(self) -> None:
        """`add-checkpoint`; another address has nothing."""
        body = self._body()
        if body is None:
            return
        if self.path.rpartition("/")[2] != "add-checkpoint":
            self._answer(404, b"")
            return
        try:
            self._answer(200, self.server.state.add_checkpoint(body))
        except RefusalError as error:
            if error.size is not None:
                self._answer(error.status, b"%d\n" % error.size, "text/x.tlog.size")
            else:
                self._answer(error.status, f"{error}\n".encode())
        except OSError as error:
            print_error(plain(str(error)))
            self._answer(503, b"the state cannot be read or written\n")

    def do_GET(self) -> None:
        """`<SHA-256 of the origin>/checkpoint`: the last cosigned checkpoint."""
        parts = self.path.split("/")
        found = None
        if parts[-1] == _CHECKPOINT and len(parts) > 2:
            found = self.server.state.checkpoint(parts[-2])
        self._answer(404 if found is None else 200, found or b"")

    def _body(self) -> bytes | None:
        """The body of a request; None after an answer to one that is not read."""
        length = self.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or "transfer-encoding" in self.headers:
            status = 411
        elif len(length) > 9 or int(length) > MAX_REQUEST:
            status = 413
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            status = 400
        self.close_connection = True
        self._answer(status, b"")
        return None

    def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if status == 503:
            self.send_header("Retry-After", "5")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Name no versions."""
        return "workdiary-witness"

    def log_message(self, *_: object) -> None:
        """Log no addresses."""


def open_signer(folder: Path, name: str | None) -> CosignatureSigner:
    """The name and the key of a witness, created durably at the first start, which needs the name.

    Raises UnusableError and OSError.
    """
    about, key = folder / _NAME, folder / _KEY
    if not about.exists():
        if name is None:
            raise UnusableError("name", tr("A new witness needs --name."))
        if any(folder.glob(f"*/{_CHECKPOINT}")):
            raise UnusableError("state", _damaged(about))
        made = CosignatureSigner(name, SigningKey.from_seed(secrets.token_bytes(32)))
        try:
            CosignatureVerifier.parse(made.verifier.vkey)
        except DiaryError as error:
            text = tr("A witness's name is visible ASCII without a plus sign.")
            raise UnusableError("name", text) from error
        write_private(key, made.key.seed.hex().encode() + b"\n")
        write_private(about, canonical({"v": 1, "name": name, "vkey": made.verifier.vkey}))
    try:
        stored = json.loads(about.read_bytes())
        seed = bytes.fromhex(key.read_text("ascii").strip())
        signer = CosignatureSigner(stored["name"], SigningKey.from_seed(seed))
        if signer.verifier.vkey != stored["vkey"]:
            raise ValueError
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise UnusableError("state", _damaged(key)) from error
    if name not in (None, signer.name):
        text = tr("This folder is of the witness {name}, and a name cannot be changed.")
        raise UnusableError("name", text.format(name=plain(signer.name)))
    return signer


def _damaged(path: Path) -> str:
    text = tr("{path} is missing or damaged. A witness that has lost a file must not cosign again.")
    return text.format(path=plain(str(path)))


def read_logs(vkeys: Sequence[str]) -> dict[str, list[NoteVerifier]]:
    """The keys of logs by their origin. Raises UnusableError."""
    logs: dict[str, list[NoteVerifier]] = {}
    for vkey in vkeys:
        try:
            verifier = NoteVerifier.parse(vkey)
        except DiaryError as error:
            sentence = tr("The key cannot be used: {reason}.")
            raise UnusableError(error.code, sentence.format(reason=error.detail)) from error
        logs.setdefault(verifier.name, []).append(verifier)
    return logs


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port[:6]) > 65_535:
        raise argparse.ArgumentTypeError(tr("an address is written like 127.0.0.1:8470"))
    return host.removeprefix("[").removesuffix("]"), int(port)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = CommandParser(
        prog="workdiary-verify witness",
        description=tr("Cosign the checkpoints of logs, each of one history (C2SP tlog-witness)."),
        epilog=tr("Exit code 0: it was stopped. 2: it cannot start."),
    )
    parser.add_argument("folder", type=Path, help=tr("the folder for the key and the state"))
    parser.add_argument(
        "--name", metavar="NAME", help=tr("the witness's name, such as witness.example/w1")
    )
    parser.add_argument(
        "--log",
        action="append",
        required=True,
        metavar="VKEY",
        help=tr("the published key of a log (may be given more than once)"),
    )
    parser.add_argument(
        "--listen",
        type=_address,
        default=_address(ADDRESS),
        metavar="HOST:PORT",
        help=tr("the address to listen on (default: {address})").format(address=ADDRESS),
    )
    return parser.parse_args(argv)


@contextlib.contextmanager
def _stopped_by_signals(server: WitnessServer) -> Iterator[None]:
    """SIGINT (Ctrl-C) and SIGTERM end `serve_forever`."""

    def stop(*_: object) -> None:
        # `shutdown` waits for the loop, which this thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    close_umask()
    arguments = _arguments(argv)
    try:
        with lock_file(private_dir(arguments.folder) / "lock"):
            signer = open_signer(arguments.folder, arguments.name)
            state = WitnessStore(arguments.folder, signer, read_logs(arguments.log))
            with WitnessServer(arguments.listen, state) as server, _stopped_by_signals(server):
                host, port = server.server_address[:2]
                name = f"[{host!s}]" if ":" in str(host) else str(host)
                print_report(f"http://{name}:{port}/ {signer.verifier.vkey}")
                server.serve_forever()
    except LockHeldError:
        text = tr("Another witness runs on {path}.").format(path=plain(str(arguments.folder)))
        return print_unusable(UnusableError("locked", text), as_json=False)
    except UnusableError as error:
        return print_unusable(error, as_json=False)
    except OSError as error:
        print_error(plain(str(error)))
        return UNUSABLE
    return VALID

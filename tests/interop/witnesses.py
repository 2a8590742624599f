"""PyPI aics-witness, a witness of another author, and its client, which is built on aics-tlog."""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.cosignature import CosignatureVerifier
from diary.log.witnessing.witnesses import Witness
from scripts.dev import environment

NAME = "other.example/w"


def library(name: str) -> ModuleType:
    """A module of the packages in requirements/interop.txt."""
    folder = str(environment.install_interop())
    if folder not in sys.path:
        # Last, so that it replaces nothing.
        sys.path.append(folder)
    return importlib.import_module(name)


def _command(*words: str) -> tuple[list[str], dict[str, str]]:
    path = os.pathsep.join([str(environment.install_interop()), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path.removesuffix(os.pathsep)}
    return [sys.executable, "-m", "aics_witness", *words], env


def run(*words: str) -> str:
    """The output of a command of the witness."""
    command, env = _command(*words)
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return done.stdout


@contextlib.contextmanager
def other_witness(folder: Path, logs: Sequence[NoteVerifier]) -> Iterator[Witness]:
    """The witness on a free port of this computer, with its own clock."""
    folder.mkdir(exist_ok=True)
    config = ["--config", str(folder / "witness.json")]
    vkey = run("init", *config, "--name", NAME).strip()
    for log in logs:
        run("add-log", *config, "--origin", log.name, "--vkey", log.vkey)
    command, env = _command("serve", *config, "--listen", "127.0.0.1:0")
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if "listening on" in line:
                    url = line.partition("listening on ")[2].split(" ")[0]
                    break
            else:
                raise RuntimeError("the witness did not start")
            yield Witness("other", CosignatureVerifier.parse(vkey), url)
        finally:
            process.terminate()
            process.communicate(timeout=30)

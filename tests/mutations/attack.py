"""One mutation: the attacker, the change, and the resulting bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from diary.bundle.check import CheckOptions
from diary.bundle.layout import MANIFEST
from tests.mutations.forge import Forge, with_manifest
from tests.mutations.record import Record, honest_record
from tests.mutations.week import honest

Files = dict[str, bytes]
DEVICES = frozenset({"desk", "laptop"})
LOG = "log"


@dataclass
class Attack:
    """The input of a mutator.

    `owned` are the attacker's keys: devices by name, and `log`. With `live` the rest of the world
    continues around the attack: the log accepts what it receives and other devices react to it.
    Otherwise the attack comes after the week, and what others have signed stays. `refit` makes the
    manifest match.
    """

    rng: Random
    record: Record = field(default_factory=lambda: honest_record().copy())
    owned: set[str] = field(default_factory=set)
    live: bool = False
    refit: bool = True
    after: list[Callable[[Files], object]] = field(default_factory=list)
    asked: CheckOptions = field(default_factory=lambda: honest().asked)
    #: Whether an attacker's key has signed anything again.
    forged: bool = False

    @property
    def relog(self) -> bool:
        """Whether the log differs from the week's."""
        return self.live or LOG in self.owned

    def build(self) -> tuple[Files, Forge | None]:
        """The bundle."""
        forge = None
        if self.forged:
            signers = (DEVICES if self.live else frozenset()) | self.owned
            forge = Forge(self.record, signers, self.relog)
            files = forge.forge()
            files = with_manifest(files, self.record.manifest)
        else:
            files = dict(honest().files)
        for change in self.after:
            change(files)
        if self.refit and self.after and MANIFEST in files:
            files = with_manifest(files, self.record.manifest)
        return files, forge

    # The beginnings of most mutators.

    def device(self, *, live: bool | None = None, log: bool = False, by: str = "desk") -> Record:
        """The attacker controls a device."""
        self.forged = True
        self.owned.add(by)
        if log:
            self.owned.add(LOG)
        self.live = self.rng.random() < 0.7 if live is None else live
        return self.record

    def log(self, *, live: bool = False) -> Record:
        """The attacker controls the log's keys."""
        self.forged = True
        self.owned.add(LOG)
        self.live = live
        return self.record

    def both(self) -> Record:
        """The attacker controls everything."""
        self.forged = self.live = True
        self.owned |= {"desk", "laptop", LOG}
        return self.record

    def files(self, change: Callable[[Files], object]) -> None:
        """Change the files when the bundle is created."""
        self.after.append(change)

    def unknown_key(self) -> None:
        """No keys are given from outside: the bundle's own policy is trusted."""
        self.asked = replace(self.asked, keys=())


Mutator = Callable[[Attack], object]


def into(mutators: dict[str, Mutator]) -> Callable[[Mutator], Mutator]:
    """The mutators of a module, by their names."""

    def note(function: Mutator) -> Mutator:
        mutators[function.__name__] = function
        return function

    return note

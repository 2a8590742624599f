"""All mutators, and the mutation of a number, which is the same at every call."""

from __future__ import annotations

from random import Random

# The second half of the mutations for each code registers itself in the first.
from tests.mutations import (
    fields,
    left_out,
    logs,
    order,
    plain_bytes,
    targeted,
    targeted_parts,  # noqa: F401
)
from tests.mutations.attack import Attack

SEED = 20_261_124
MUTATORS = tuple(
    pair
    for module in (plain_bytes, left_out, fields, logs, order, targeted)
    for pair in module.MUTATORS.items()
)


def mutation(number: int) -> tuple[str, Attack]:
    """The mutator's name, and its attack. The mutators alternate.

    The attacks of a mutator do not depend on the other mutators.
    """
    turn, which = divmod(number, len(MUTATORS))
    name, mutate = MUTATORS[which]
    attack = Attack(Random(f"{SEED}/{name}/{turn}"))
    mutate(attack)
    return name, attack

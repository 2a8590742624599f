"""Turns: each address waits for its own requests."""

from __future__ import annotations

import asyncio

from marketplace.http.fair_queue import FairQueue

# Turns


def test_an_address_with_many_requests_waits_for_itself_alone() -> None:
    async def play() -> list[str]:
        turns, order = FairQueue(total=4, each=2), []
        gates = [asyncio.Event() for _ in range(12)]

        async def one(address: str, number: int) -> None:
            await turns.take(address)
            order.append(address)
            await gates[number].wait()
            turns.give(address)

        tasks = [asyncio.create_task(one("greedy", n)) for n in range(10)]
        tasks += [asyncio.create_task(one("modest", n)) for n in (10, 11)]
        await asyncio.sleep(0)
        early = list(order)
        for gate in gates:
            gate.set()
        await asyncio.gather(*tasks)
        assert len(order) == 12
        return early

    assert sorted(asyncio.run(play())) == ["greedy", "greedy", "modest", "modest"]


def test_turns_go_round_the_addresses_and_a_cancelled_one_is_passed_on() -> None:
    async def play() -> None:
        turns, order = FairQueue(total=1, each=1), []

        async def one(address: str) -> None:
            await turns.take(address)
            order.append(address)
            turns.give(address)

        await turns.take("first")
        tasks = [asyncio.create_task(one(a)) for a in ("a", "a", "b", "a", "c")]
        await asyncio.sleep(0)
        tasks[1].cancel()
        turns.give("first")
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == ["a", "b", "c", "a"]
        await turns.take("last")

    asyncio.run(play())


def test_pipelined_requests_come_after_all_others_of_their_address() -> None:
    async def play() -> None:
        turns, order = FairQueue(total=1, each=1), []

        async def one(name: str, *, pipelined: bool) -> None:
            await turns.take("same", pipelined=pipelined)
            order.append(name)
            turns.give("same")

        await turns.take("same")
        tasks = [asyncio.create_task(one(f"pipelined {n}", pipelined=True)) for n in range(20)]
        tasks.append(asyncio.create_task(one("usual", pipelined=False)))
        await asyncio.sleep(0)
        turns.give("same")
        await asyncio.gather(*tasks)
        assert order[0] == "usual"
        assert len(order) == 21

    asyncio.run(play())

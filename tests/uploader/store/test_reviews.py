"""The entries of the review on the disk: order, limits, damage, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diary.core.slots import WEEK
from diary.formats.encoding import b64url_encode, digest
from uploader.errors import Problem
from uploader.store.reviews.entries import (
    MOST_ENTRIES,
    ReviewStore,
    StoredEntry,
    UnsentAnswer,
)
from uploader.store.state_folder import StateFolder

NOW = 1_794_992_400
CTR, OTHER = "c" * 22, "d" * 22
QUESTION = StoredEntry(
    digest(b"1"), CTR, "question", False, "Grace", NOW, "Why?", None, (NOW - 600,), NOW * 1000, 1
)
REPLY = replace(
    QUESTION, digest=digest(b"2"), kind="answer", own=True, text="Because.",
    replies_to=QUESTION.digest, index=2,
)  # fmt: skip
SALT, OTHER_SALT = (b64url_encode(bytes([n]) * 32) for n in (1, 2))
ANSWER = UnsentAnswer(CTR, QUESTION.digest, SALT, "Because.", NOW)


class Disk:
    def __init__(self, folder: StateFolder) -> None:
        self.folder = folder
        self.problems: list[tuple[Problem, str]] = []

    def open(self) -> ReviewStore:
        return ReviewStore(self.folder, lambda code, detail: self.problems.append((code, detail)))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with StateFolder(tmp_path, "workdiary.localhost") as folder:
        yield Disk(folder)


def test_entries_and_answers_are_read_again(disk: Disk) -> None:
    store = disk.open()
    assert store.keep([QUESTION], 7, NOW, anew=False)
    store.write_answer(ANSWER)
    again = disk.open()
    assert (again.threads(), again.after, again.waiting()) == (store.threads(), 7, (ANSWER,))
    assert disk.problems == []


def test_duplicates_change_nothing_and_order_is_that_of_the_log(disk: Disk) -> None:
    store = disk.open()
    # The own answer is known before the question is.
    store.keep([REPLY], 2, NOW, anew=False)
    store.keep([QUESTION], 2, NOW, anew=False)
    assert not store.keep([QUESTION, REPLY, QUESTION], 2, NOW, anew=False)
    (thread,) = store.threads()
    assert (thread.first, thread.replies, thread.waits) == (QUESTION, (REPLY,), False)


def test_a_reply_of_another_contract_belongs_to_no_thread(disk: Disk) -> None:
    store = disk.open()
    store.keep([QUESTION, replace(REPLY, ctr=OTHER)], 2, NOW, anew=False)
    (thread,) = store.threads()
    assert thread.replies == ()


def test_an_entry_without_slots_is_no_thread(disk: Disk) -> None:
    store = disk.open()
    store.keep([replace(QUESTION, slots=())], 1, NOW, anew=False)
    assert store.threads() == ()


def test_one_contract_cannot_displace_the_questions_of_another(disk: Disk) -> None:
    store = disk.open()
    flood = [
        replace(QUESTION, digest=digest(str(n).encode()), ctr=OTHER, index=n, rt_ms=NOW * 1000 + n)
        for n in range(10, 3 * MOST_ENTRIES)
    ]
    store.keep([QUESTION, *flood], 9, NOW, anew=False)
    threads = store.threads()
    assert len(threads) == MOST_ENTRIES + 1
    assert threads[0].first == QUESTION
    assert threads[-1].first == flood[-1]


def test_old_weeks_are_forgotten(disk: Disk) -> None:
    store = disk.open()
    store.keep([QUESTION], 1, NOW, anew=False)
    assert store.keep([], 2, NOW + 10 * WEEK, anew=False)
    assert store.threads() == ()


def test_a_list_that_is_read_anew_replaces_the_old_one_but_no_answer(disk: Disk) -> None:
    store = disk.open()
    store.keep([QUESTION], 9, NOW, anew=False)
    store.write_answer(ANSWER)
    store.keep([], 0, NOW, anew=True)
    assert (store.threads(), store.waiting()) == ((), (ANSWER,))


@pytest.mark.parametrize("name", ["reviews.json", "answers.json"])
@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'{"v":1}', b'{"entries":[7],"answers":[7]}', b"[" * 10_000]
)
def test_a_damaged_file_is_set_aside_and_reported(disk: Disk, name: str, data: bytes) -> None:
    disk.folder.write(name, data)
    store = disk.open()
    assert (store.threads(), store.waiting(), store.after) == ((), (), -1)
    assert disk.problems == [(Problem.FILE_DAMAGED, name)]
    assert len(disk.folder.names("damaged")) == 1
    store.keep([QUESTION], 1, NOW, anew=False)
    store.write_answer(ANSWER)
    assert len(disk.open().threads()) == 1


def test_pressing_twice_is_one_answer(disk: Disk) -> None:
    store = disk.open()
    store.write_answer(ANSWER)
    store.write_answer(replace(ANSWER, salt=OTHER_SALT))
    assert store.waiting() == (ANSWER,)
    store.write_answer(replace(ANSWER, salt=OTHER_SALT, text="And more."))
    assert len(store.waiting()) == 2


def test_a_sent_answer_is_an_entry_and_waits_no_longer(disk: Disk) -> None:
    store = disk.open()
    store.keep([QUESTION], 1, NOW, anew=False)
    store.write_answer(ANSWER)
    store.sent(SALT, REPLY)
    (thread,) = disk.open().threads()
    assert (thread.replies, thread.answers, disk.open().waiting()) == ((REPLY,), (), ())


def test_a_new_answer_replaces_the_refused_one(disk: Disk) -> None:
    store = disk.open()
    store.keep([QUESTION], 1, NOW, anew=False)
    store.write_answer(ANSWER)
    store.refuse(SALT, "too_often")
    (thread,) = disk.open().threads()
    assert (thread.answers, thread.waits) == ((replace(ANSWER, refused="too_often"),), True)
    store.write_answer(replace(ANSWER, salt=OTHER_SALT))
    assert store.waiting() == (replace(ANSWER, salt=OTHER_SALT),)
    assert len(store.threads()[0].answers) == 1

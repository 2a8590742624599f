"""The upload worker of a client, and its incidents."""

from __future__ import annotations

from tests.uploader.client_under_test import ClientUnderTest
from uploader.errors import Problem
from uploader.worker.worker import UploadWorker


def worker_of(client: ClientUnderTest) -> UploadWorker:
    return client.worker or client.start_worker()


def codes(client: ClientUnderTest) -> list[Problem]:
    return [trouble.code for trouble in client.outbox.incidents()]

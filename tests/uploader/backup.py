"""A backup of a client's folder, beside it."""

from __future__ import annotations

import shutil

from tests.uploader.client_under_test import ClientUnderTest


def back_up(client: ClientUnderTest) -> None:
    """Copy the folder of the client, which starts again; replaces an earlier backup."""
    client.close()
    target = client.base.with_name("backup")
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(client.base, target)
    client.restart()


def restore(client: ClientUnderTest) -> None:
    """Replace the client's folder by its backup and start the client."""
    client.close()
    shutil.rmtree(client.base)
    shutil.copytree(client.base.with_name("backup"), client.base)
    client.restart()

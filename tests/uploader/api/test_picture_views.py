"""The views of a picture, read from a real marketplace and from invalid responses."""

from __future__ import annotations

from typing import Any

import pytest

from diary.core.findings import DiaryError
from diary.objects.segment import parse
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import FaultProxy
from uploader.api.picture_views import MAX_LISTED, ViewResponse, ViewsResponse, picture_views
from uploader.errors import NetworkError

Pair = tuple[ClientUnderTest, FaultProxy]
VIEW: dict[str, Any] = {"id": 1, "at": 1_795_511_460_000, "name": "Acme", "own": False}
ANSWER: dict[str, Any] = {"views": [VIEW], "next": None}


def test_a_device_reads_who_viewed_its_picture(at_work: Pair) -> None:
    client, _ = at_work
    first, second = (parse(data).hash for data in client.many(2))
    client.drain()
    assert client.client.views(first) == ViewsResponse()
    with client.marketplace.browser(client.contract.client) as browser:
        assert browser.get(f"/pictures/{first}/0").status_code == 200
    name = client.marketplace.account(client.contract.client).name
    assert client.client.views(first) == ViewsResponse(
        (ViewResponse(client.marketplace.clock.ms, name, own=False),)
    )
    assert client.client.views(second) == ViewsResponse()


def test_a_segment_that_the_marketplace_lacks_has_no_views(at_work: Pair) -> None:
    client, _ = at_work
    assert client.client.views("A" * 43) == ViewsResponse()


def test_an_unreachable_marketplace_is_an_error(at_work: Pair) -> None:
    client, proxy = at_work
    client.client.me()
    proxy.always = faults.reset_at_once
    with pytest.raises(NetworkError):
        client.client.views("A" * 43)


def test_more_views_than_one_response_has_are_remarked() -> None:
    assert not picture_views(ANSWER).more
    assert picture_views({**ANSWER, "next": 7}).more


def test_a_name_cannot_act_on_the_display() -> None:
    hostile = {**ANSWER, "views": [{**VIEW, "name": "Acme\u202e\x1b[31m\n"}]}
    (view,) = picture_views(hostile).listed
    assert not set("\u202e\x1b\n") & set(view.name)


@pytest.mark.parametrize(
    "changes",
    [
        {"views": None},
        {"views": [3]},
        {"views": [{**VIEW, "at": -1}]},
        {"views": [{**VIEW, "at": 2**53 - 1}]},
        {"views": [{**VIEW, "name": "A" * 201}]},
        {"views": [{**VIEW, "name": None}]},
        {"views": [{**VIEW, "own": 1}]},
        {"views": [VIEW] * (MAX_LISTED + 1)},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_views_of_another_form_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DiaryError):
        picture_views({**ANSWER, **changes})
    with pytest.raises(DiaryError):
        picture_views({"views": []})

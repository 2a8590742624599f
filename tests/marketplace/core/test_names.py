"""The name of an erased account is in the language of its reader, wherever names are shown."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from diary.core.slots import WEEK, week_of
from marketplace.contracts.queries import Contract
from marketplace.core.i18n import languages, tr, use_language
from marketplace.core.names import ERASED_NAME, shown_name
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, LiveMarketplace


def test_another_name_stays_as_it_is() -> None:
    with use_language("de"):
        assert shown_name("Ana Ruiz") == "Ana Ruiz"


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != "en"])
def test_no_page_and_no_file_shows_the_stored_name(
    marketplace: LiveMarketplace, contract: Contract, language: str
) -> None:
    account = schema.account.c
    marketplace.deps.store.write(
        lambda c: c.execute(
            update(schema.account)
            .where(account.sub == contract.freelancer)
            .values(name=ERASED_NAME)
        )
    ).result()
    day = {
        "ctr": contract.ctr, "day_s": week_of(START), "tracked": 3_600, "kept": 0, "manual": 0,
        "payable": 3_600, "unpaid": 0, "given_back": 0, "overlap": 0, "over_limit": 0,
    }  # fmt: skip
    marketplace.deps.store.write(lambda c: schema.insert(c, schema.daily_total, [day])).result()
    marketplace.clock.to(START + WEEK)
    week, period = "2026-W47", "first=2026-11-16&last=2026-11-22"
    ctr = contract.ctr
    with marketplace.browser(contract.client) as browser, use_language(language):
        for path in (
            "/?week=" + week, f"/contracts/{ctr}/days/2026-11-18", f"/contracts/{ctr}/weeks/{week}",
            f"/contracts/{ctr}/people", f"/reports?{period}", f"/reports?{period}&by=person",
            f"/reports/report.csv?{period}",
        ):  # fmt: skip
            answer = browser.get(path, headers={"accept-language": language})
            assert answer.status_code == 200
            assert ERASED_NAME not in answer.text, path
            assert tr(ERASED_NAME) in answer.text, path

"""The weekly report: its contents, its day, once for each week and recipient."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import Connection, delete, select, update

from diary.core.slots import WEEK, week_of
from marketplace.core.i18n import languages
from marketplace.notifications import queue
from marketplace.review.ledger import week_ledger
from marketplace.storage import schema
from marketplace.weekly_reports.recipients import MAX_REFUSED
from marketplace.weekly_reports.rounds import CATCH_UP, WeeklyReports
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import START
from tests.marketplace.weekly_reports.conftest import LOCKS, READER, Reporting, link, text_of


def reports(reporting: Reporting, address: str = READER) -> list[str]:
    """The subjects of the reports to an address."""
    found = [mail["subject"] for mail in reporting.mails(address)]
    return [subject for subject in found if "weekly report 2026-W" in subject]


@pytest.mark.usefixtures("worked_week")
def test_a_report_has_the_hours_and_the_money_of_the_ledger(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    assert reporting.send() == 1
    mail = reporting.mails()[-1]
    assert mail["subject"] == "Acme: weekly report 2026-W47"
    with reporting.market.deps.store.read() as connection:
        ledger = week_ledger(connection, reporting.contract.ctr, week_of(START))
    assert (ledger.totals.payable, ledger.amount_minor) == (1_200, 1_350)
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        for part in (
            "16 November 2026", "22 November 2026", "20 min", "€13.50", "Acme shop rebuild",
            "Ana Ruiz", "Wednesday, 18 November 2026", "0:20:00",
        ):  # fmt: skip
            assert part in text, part
        assert "Secret plans" not in text
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert set(files) == {"workdiary-report-2026-W47.pdf", "workdiary-report-2026-W47.csv"}
    assert files["workdiary-report-2026-W47.pdf"].get_content().startswith(b"%PDF-")
    table = files["workdiary-report-2026-W47.csv"].get_content()
    data = table if isinstance(table, str) else table.decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(data.lstrip("\ufeff"))))
    assert (row["payable"], row["amount_EUR"]) == ("1200", "13.50")


@pytest.mark.usefixtures("worked_week")
@pytest.mark.parametrize("language", languages())
def test_a_report_is_in_the_language_of_its_recipient(reporting: Reporting, language: str) -> None:
    reporting.confirmed(language=language)
    reporting.market.clock.to(LOCKS)
    assert reporting.send() == 1
    request, report = reporting.mails()
    for mail in (request, report):
        assert f'<html lang="{language}"' in text_of(mail, "html")
        assert "%(" not in text_of(mail) + mail["subject"]
        assert ("weekly report" in mail["subject"].lower()) == (language == "en")


@pytest.mark.usefixtures("worked_week")
def test_each_message_has_the_headers_that_unsubscribe(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    reporting.send()
    for mail in reporting.mails():
        url = f"{reporting.market.url}{link(mail, 'unsubscribe')}"
        assert mail["list-unsubscribe"] == f"<{url}>"
        assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        raw = mail.as_bytes().replace(b"\r\n", b"\n").split(b"\n\n")[0]
        assert f"List-Unsubscribe: <{url}>".encode() in raw.replace(b"\n ", b" ")


@pytest.mark.usefixtures("worked_week")
def test_a_report_is_sent_when_the_week_locks_and_only_once(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.confirmed("second@example.org", ctr=reporting.contract.ctr)
    deps = reporting.market.deps
    reporting.market.clock.to(LOCKS - 1)
    assert reporting.send() == 0
    reporting.market.clock.to(LOCKS)
    assert reporting.send() == 2
    assert reporting.send() == 0
    # After a restart.
    assert WeeklyReports(deps.store, deps.clock, enabled=True).run_once() == 0
    reporting.later(WEEK)
    assert reporting.send() == 0, "no time in the next week"
    assert [len(reports(reporting, each)) for each in (READER, "second@example.org")] == [1, 1]


@pytest.mark.usefixtures("worked_week")
@pytest.mark.parametrize(("weeks", "expected"), [(CATCH_UP - 1, 1), (CATCH_UP, 0)])
def test_a_downtime_of_some_weeks_loses_nothing_and_months_are_not_sent(
    reporting: Reporting, weeks: int, expected: int
) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS + weeks * WEEK)
    assert reporting.send() == expected
    assert len(reports(reporting)) == expected


@pytest.mark.usefixtures("worked_week")
def test_a_week_that_locked_before_the_confirmation_is_not_reported(reporting: Reporting) -> None:
    reporting.market.clock.to(LOCKS + 1)
    reporting.confirmed()
    assert reporting.send() == 0


@pytest.mark.usefixtures("worked_week")
@pytest.mark.expected_logs("mail_failed")
def test_a_report_outlasts_a_mail_server_that_is_away_for_days(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    reporting.server.replies = ["451 Try again"] * (len(queue.RETRY_S) + 1)
    assert reporting.send() == 1
    for seconds in queue.RETRY_S:
        reporting.later(seconds)
        reporting.send()
    assert reporting.server.replies == []
    assert reports(reporting) == []
    assert reporting.states() == {READER: "active"}
    reporting.send()
    assert reports(reporting) == ["Acme: weekly report 2026-W47"]
    assert reporting.send() == 0


@pytest.mark.usefixtures("worked_week")
def test_a_lost_message_is_replaced_with_the_same_identifier(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    deps = reporting.market.deps
    deps.weekly_reports.run_once()
    kind = schema.message.c.kind == "weekly_report"
    with deps.store.read() as connection:
        before = connection.execute(select(schema.message.c.message_id).where(kind)).scalar_one()
    deps.store.write(lambda c: c.execute(delete(schema.message).where(kind))).result()
    reporting.send()
    reporting.send()
    assert len(reports(reporting)) == 1
    assert before in reporting.mails()[-1]["message-id"]


@pytest.mark.usefixtures("worked_week")
def test_after_a_restored_backup_a_second_report_has_the_same_identifier(
    reporting: Reporting,
) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    reporting.send()

    def restore(connection: Connection) -> None:
        connection.execute(delete(schema.report_delivery))
        connection.execute(delete(schema.message))

    reporting.market.deps.store.write(restore).result()
    assert reporting.send() == 1
    first, second = reporting.mails()[-2:]
    assert first["message-id"] == second["message-id"]


@pytest.mark.usefixtures("worked_week")
def test_without_a_mail_server_the_reports_wait(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    deps = reporting.market.deps
    assert WeeklyReports(deps.store, deps.clock, enabled=False).run_once() == 0
    reporting.later(2 * WEEK)
    assert reporting.send() == 1


def has_time(reporting: Reporting, week: int) -> None:
    """Let the contract have segments in a week."""
    row: dict[str, object] = {
        "ctr": reporting.contract.ctr, "week_s": week, "open": 0, "kinds": "", "approved": False,
    }  # fmt: skip
    store = reporting.market.deps.store
    store.write(lambda c: schema.insert(c, schema.week_status, [row])).result()


@pytest.mark.usefixtures("worked_week")
@pytest.mark.expected_logs("mail_failed")
def test_an_address_that_refuses_reports_is_marked_and_then_left_alone(
    reporting: Reporting,
) -> None:
    reporting.confirmed()
    deps = reporting.market.deps
    for number in range(MAX_REFUSED):
        week = week_of(START) + number * WEEK
        if number:
            has_time(reporting, week)
        reporting.market.clock.to(week + WEEK + 43_200)
        reporting.server.replies = ["550 No such mailbox"]
        assert reporting.send() == 1
        assert deps.weekly_reports.run_once() == 0
        assert reporting.states() == {READER: "bouncing"}
    last = week_of(START) + MAX_REFUSED * WEEK
    has_time(reporting, last)
    reporting.market.clock.to(last + WEEK + 43_200)
    assert reporting.send() == 0
    client = reporting.market.account(reporting.contract.client)
    (recipient,) = deps.report_recipients.of(client)
    assert recipient.stopped


@pytest.mark.usefixtures("worked_week")
def test_an_accepted_report_clears_the_mark(reporting: Reporting) -> None:
    reporting.confirmed()
    reporting.market.deps.store.write(
        lambda c: c.execute(update(schema.report_recipient).values(state="bouncing", refused=1))
    ).result()
    reporting.market.clock.to(LOCKS)
    reporting.send()
    reporting.send()
    assert reporting.states() == {READER: "active"}


@pytest.mark.usefixtures("worked_week")
def test_a_report_has_no_contract_of_another_company(reporting: Reporting) -> None:
    """The client's account is also a member of another company."""
    other = reporting.market.contract("Foreign project")
    own = reporting.contract.client
    member = {"company": other.client, "sub": own, "role": "owner", "since_s": 1}
    day = {
        "ctr": other.ctr, "day_s": week_of(START), "tracked": 3_600, "kept": 0, "manual": 0,
        "payable": 3_600, "unpaid": 0, "given_back": 0, "overlap": 0, "over_limit": 0,
    }  # fmt: skip

    def job(connection: object) -> None:
        schema.insert(connection, schema.company_member, [member])  # type: ignore[arg-type]
        schema.insert(connection, schema.daily_total, [day])  # type: ignore[arg-type]

    reporting.market.deps.store.write(job).result()
    reporting.confirmed()
    reporting.market.clock.to(LOCKS)
    assert reporting.send() == 1
    assert "Foreign project" not in reporting.mails()[-1].as_string()
    assert "20 min" in text_of(reporting.mails()[-1])


@pytest.mark.usefixtures("worked_week")
@pytest.mark.parametrize("ending", ["removed", "unsubscribed", "member"])
def test_a_queued_report_is_not_sent_after_the_recipient_has_ended(
    reporting: Reporting, ending: str
) -> None:
    deps, client = reporting.market.deps, reporting.contract.client
    manager = joined(reporting.market, client, "manager", "Kim")
    recipients = deps.report_recipients
    recipients.add(reporting.market.account(manager), client, None, READER, "en")
    reporting.send()
    with reporting.reader() as reader:
        reader.post(link(reporting.mails()[-1], "subscribe"))
        reporting.market.clock.to(LOCKS)
        assert deps.weekly_reports.run_once() == 1
        owner = reporting.market.account(client)
        if ending == "removed":
            recipients.remove(owner, recipients.of(owner)[0].id)
        elif ending == "unsubscribed":
            reader.post(link(reporting.mails()[0], "unsubscribe"))
        else:
            deps.companies.remove(owner, client, manager)
    reporting.send()
    reporting.send()
    assert reports(reporting) == []
    assert reporting.send() == 0


@pytest.mark.usefixtures("worked_week")
def test_hostile_names_stay_text(reporting: Reporting) -> None:
    evil = "=<b>x</b>\r\nBcc: thief@example.org\u202e"
    deps = reporting.market.deps
    deps.store.write(lambda c: c.execute(update(schema.account).values(name=evil))).result()
    deps.store.write(lambda c: c.execute(update(schema.contract).values(title=evil))).result()
    reporting.confirmed(ctr=reporting.contract.ctr)
    reporting.market.clock.to(LOCKS)
    assert reporting.send() == 1
    assert len(reporting.mails()) == 2
    for mail in reporting.mails():
        assert mail["bcc"] is None
        assert "\n" not in mail["subject"]
        assert "<b>x" not in text_of(mail, "html")
        for kind in ("plain", "html"):
            assert "\u202e" not in text_of(mail, kind)
    assert set(reporting.server.recipients) == {READER}

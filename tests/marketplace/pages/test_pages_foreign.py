"""Names, titles, memos and details from outside on every page: text, and only text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from jinja2 import PackageLoader
from markupsafe import Markup
from playwright.sync_api import Page

from diary.core.display import FSI, PDI, isolated
from diary.verification.credit import Totals
from marketplace.accounts.api_tokens import SCOPES
from marketplace.accounts.companies import Company, Offer, PendingInvitation
from marketplace.accounts.credentials import SignInData
from marketplace.accounts.passkeys import Passkey
from marketplace.accounts.roles import ROLES, Member
from marketplace.accounts.sign_in_links import SessionState
from marketplace.contracts.access import ContractAccess
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.core.i18n import tr
from marketplace.core.operator_settings import OperatorSettings
from marketplace.erasure.person import ErasurePlan
from marketplace.exports.period import Period
from marketplace.exports.public_hours import PublicProfile, VerifiedHours
from marketplace.exports.report import HoursReport, ReportContract, ReportQuery, ReportRow
from marketplace.http.language import language_choices
from marketplace.pages import privacy, render
from marketplace.pages.account import company, tokens, webhooks
from marketplace.pages.downloads import reports, weekly
from marketplace.pages.render import environment
from marketplace.privacy.notice import privacy_notice
from marketplace.review.view_models import FindingView, HomeRow, Mark, NoPicture, SignalView
from marketplace.webhooks.endpoints import Delivery, ManagedAccount, State, WebhookEndpoint
from marketplace.webhooks.events import EVENTS
from marketplace.weekly_reports.recipients import ReportingCompany, ReportRecipient
from marketplace.weekly_reports.recipients import State as RecipientState
from tests.marketplace.pages import sample_month, sample_week, samples
from tests.marketplace.pages.sample_site import SampleReview, SampleSite
from tests.marketplace.pages.test_pages_html import (
    APPROVE,
    DAY,
    LOCKED,
    MONTH_PAGE,
    TWO,
    WEEK_PAGE,
    Reader,
    Texts,
    is_untranslated,
    reader,
)

EVIL = "<b>x</b><script>alert(1)</script>\u202eabc\u2066d\x1b[2J\x00e\u2028f"
HEBREW = "פרויקט (1)"
#: Fields with texts of people or of their computers.
FOREIGN = {
    "memo",
    "title",
    "person",
    "client",
    "name",
    "detail",
    "device",
    "app",
    "note",
    "text",
    "by",
    "author",
    "label",
}
#: Classes whose `text` is a sentence of the program.
OWN_TEXT = (FindingView, Mark, NoPicture)
BANNED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00\x1b\u2028\u2029"


def is_foreign(value: Any, field: str) -> bool:
    return field in FOREIGN and not (field == "text" and isinstance(value, OWN_TEXT))


def foreign(value: Any, words: str) -> Any:
    """The same view with other texts of people."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: words
            if is_foreign(value, field.name) and isinstance(found, str)
            else foreign(found, words)
            for field in dataclasses.fields(value)
            if field.init and (found := getattr(value, field.name)) is not None
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, HomeRow):
        texts = {name: words for name in value._fields if is_foreign(value, name)}
        return value._replace(**texts)  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return tuple(foreign(item, words) for item in value)
    return value


def dressed(review: SampleReview, words: str) -> None:
    """Let the sample marketplace show these texts in every field of people."""
    slot = samples.slot_at(9, 20)
    signal = SignalView("regular", "Why so regular?", "A game pad.", (slot,))
    review.shown = foreign(
        dataclasses.replace(samples.day(), signals=(signal,), signals_from=samples.NOW), words
    )
    review.home_view = foreign(samples.home("client"), words)
    review.weeks.shown = foreign(sample_week.week(), words)
    review.months.shown = foreign(sample_month.month(), words)
    review.weeks.reviewed = foreign(sample_week.slot_review(), words)
    review.detail = foreign(samples.slot_detail(samples.slot_at(14, 0)), words)


def device(words: str) -> Any:
    made = {"kid": samples.HASH, "name": words, "since_s": 1, "seen_s": 2, "in_use": True}
    return SimpleNamespace(**made, revoked_s=None, retired_s=None, vouched=False)


def company_pages(words: str) -> dict[str, str]:
    """The pages about the people of a company."""
    env = environment()
    common = {"account": words, "demo": "", "back": "/", "now": samples.NOW}
    texts = {"role_name": company.role_name, "role_sentence": company.role_sentence}
    person = Member("p" * 22, words, "manager", permanent=False)
    waiting = PendingInvitation(samples.HASH, words, "finance", 1)
    shown = Company("c" * 22, words, "owner", (person,), (waiting,))
    contract = Contract(samples.CTR, words, "f" * 22, "c" * 22)
    link = {"link": words, "invited": isolated(words)}
    return {
        "company": env.get_template("company.html").render(
            **common, **texts, **link, sub="o" * 22, companies=[shown], roles=ROLES, longest=100,
            sent=True, mail=True,
            moment=lambda _: samples.NOW,
        ),
        "remove": env.get_template("remove_member.html").render(
            **common, company=shown, person=person, own=False
        ),
        "leave": env.get_template("remove_member.html").render(
            **common, company=shown, person=person, own=True
        ),
        "join": env.get_template("join.html").render(
            **common, member=False, longest=100, role=company.role_sentence("finance"),
            offer=Offer("c" * 22, words, "finance", words),
        ),
        "people": env.get_template("people.html").render(
            **common, **texts, people=[person], retention_days=180,
            access=ContractAccess(contract, words, words, "freelancer"),
            kept={"memo": 90, "minutes": None}, choices=(60, 90), done="kept",
        ),
    }  # fmt: skip


def report_pages(words: str) -> dict[str, str]:
    """The pages of reports and tokens."""
    env = environment()
    common = {"account": words, "demo": "", "back": "/"}
    query = ReportQuery(Period(samples.DAY, samples.DAY), memo=words)
    row = ReportRow(words, words, Totals(tracked=60, payable=60), {"USD": 67})
    contract = ReportContract(samples.CTR, words, words, words, totals_only=False)
    shown = reports.shown(HoursReport(query, (row,), (contract,), partial=True, omitted=1))
    link = SimpleNamespace(id="x", query=query, expires_s=1)
    later: Callable[[int], dt.date] = lambda _: samples.DAY  # noqa: E731
    lifetimes = (7, 30)
    return {
        "reports": env.get_template("reports.html").render(
            **common, **shown, groupings={"contract": tr("Contract")}, chosen=query, address="",
            refusal=None, weekly=True, link=words, links=[link], link_address=lambda _: "/reports",
            lifetimes=lifetimes, longest=100, date_of=later,
        ),
        "shared": env.get_template("shared_report.html").render(
            **common | {"account": None}, **shown, author=words, until=samples.DAY
        ),
        "tokens": env.get_template("tokens.html").render(
            **common, secret="wdt_x", scopes=SCOPES, scope_name=tokens.scope_name, longest=100,
            tokens=[SimpleNamespace(id="x", name=words, scopes=SCOPES, expires_s=1)],
            lifetimes=lifetimes, date_of=later,
        ),
        "webhooks": webhooks_page(words),
        "weekly": weekly_page(words),
    }  # fmt: skip


def weekly_page(words: str) -> str:
    """The page of weekly reports with recipients in each state."""
    recipients = [
        ReportRecipient(state, "c" * 22, words, words, words, "en", state, stopped)
        for state in get_args(RecipientState)
        for stopped in (False, True)
    ]
    contracts = ((samples.CTR, words),)
    return environment().get_template("weekly.html").render(
        account=words, demo="", back="/", recipients=recipients, state_text=weekly.state_text,
        companies=[ReportingCompany(sub * 22, words, contracts) for sub in "cd"], mail=True,
        refusal=tr("This is not an e-mail address."), entered=(words, "", ""), done="sent",
        languages=language_choices(), chosen_language="en", longest=254,
    )  # fmt: skip


def webhooks_page(words: str) -> str:
    """The page of webhooks with endpoints in each state."""
    delivery = Delivery("msg_x", "week.ready", 1, 1, 2, None, None, 500, "status")
    endpoints = [
        WebhookEndpoint("x", "c" * 22, words, EVENTS, state, 1, 2, (delivery,))
        for state in get_args(State)
    ]
    companies = [ManagedAccount("c" * 22, words), ManagedAccount("d" * 22, words)]
    return environment().get_template("webhooks.html").render(
        account=words, demo="", back="/", managed=companies, endpoints=endpoints,
        new=("x", "whsec_x"), refusal=tr("Choose at least one event."), entered=(words, []),
        done="test", events=EVENTS, event_name=webhooks.event_name,
        delivery_state=webhooks.delivery_state, longest=100,
        now=samples.NOW, moment=lambda _: samples.NOW,
    )  # fmt: skip


def pages(words: str) -> dict[str, str]:
    """Every page, with these texts on it."""
    shown: Reader = reader()
    dressed(shown.review, words)
    paths = ("/", DAY, TWO, LOCKED, WEEK_PAGE, MONTH_PAGE, APPROVE, "/signin/client")
    found = {path: shown.html(path) for path in paths}
    env = environment()
    moment = samples.NOW
    common = {"account": words, "demo": "", "back": "/", "zone": None, "now": moment}
    later: Callable[[int], dt.datetime] = lambda _: moment  # noqa: E731
    found["devices"] = env.get_template("devices.html").render(
        **common, devices=[device(words)], first="", moment=later
    )
    found["stop"] = env.get_template("stop.html").render(**common, device=device(words))
    found["authorize"] = env.get_template("authorize.html").render(
        **common, device=words, marketplace="diary.example", action="/oauth/authorize"
    )
    found["sessions"] = env.get_template("sessions.html").render(
        **common, sessions=[SessionState(words, 1, 2, current=True)], moment=later
    )
    view = SimpleNamespace(
        name=words, title=words, size="full", sub="x", role="client", ctr=samples.CTR, at_ms=1
    )
    entry = SimpleNamespace(newest=view, views=[view], pictures=1, slots=[samples.slot_at(14, 0)])
    asked = {"own": False, "segment": None, "sub": "y", "later": False, "older": None}
    found["views"] = env.get_template("views.html").render(
        **{**common, **asked, "zone": "UTC"}, entries=[entry], moment=later
    )
    found |= company_pages(words)
    found |= report_pages(words)
    found["api"] = env.get_template("api_docs.html").render(**common)
    found["ask"] = env.get_template("ask_reset.html").render(
        **common | {"account": None, "back": words}
    )
    found["choose"] = env.get_template("choose_password.html").render(
        **common, person=words, shortest=12, longest=256
    )
    limits = {"shortest": 12, "longest": 256, "longest_address": 254}
    found["account"] = env.get_template("account.html").render(
        **common, **limits, role="freelancer", known=SignInData(words, has_password=True),
        recent=False, done="password", moment=later, site="diary.example",
        public=PublicProfile("ana", listed=True),
        passkeys=[Passkey("x", words, 1, None)], provider=words, linked=False,
    )  # fmt: skip
    found["sign_in"] = env.get_template("sign_in.html").render(
        **common | {"account": None},
        target="/",
        address=words,
        failed=True,
        mail=True,
        passkeys=True,
        provider=words,
    )
    operator = OperatorSettings(words, words, words, words, words, words, words)
    notice = privacy_notice(
        Config(Path(), "diary.example", "https://diary.example", operator=operator)
    )
    found["privacy"] = env.get_template("privacy.html").render(
        **common, notice=notice, site="diary.example", basis=privacy.basis_text,
        audience=privacy.audience_text, own=tr,
    )  # fmt: skip
    found["public"] = env.get_template("public_hours.html").render(
        **common | {"account": None}, hours=VerifiedHours(words, True, 7_200, 1, 2),
        site="diary.example", date_of=lambda _: samples.DAY,
    )  # fmt: skip
    plan = ErasurePlan(1, 2, 3, None, ())
    common_erase = {**common, "word": "ERASE", "known": SignInData(None, has_password=True)}
    for where, chosen, role in (
        ("erase", plan, "freelancer"),
        ("disputed", dataclasses.replace(plan, disputes=(words,)), "client"),
    ):
        found[where] = env.get_template("erase.html").render(
            **common_erase, plan=chosen, role=role, recent=False, ends=None
        )
    found["message"] = env.get_template("message.html").render(
        **common, heading=words, lines=[words], action=None
    )
    return found


def test_every_template_is_rendered_with_hostile_text(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    read = PackageLoader.get_source

    def noted(self: PackageLoader, env: Any, template: str) -> Any:
        seen.add(template)
        return read(self, env, template)

    monkeypatch.setattr(PackageLoader, "get_source", noted)
    render.environment.cache_clear()  # other tests have loaded templates already
    for where, html in pages(EVIL).items():
        assert not set(html) & set(BANNED), where
        assert "<b>x" not in html, where
        assert "\ufffdabc\ufffdd\ufffd[2J\ufffde" in html or where == "/signin/client", where
    there = {item.name for item in files("marketplace.pages").joinpath("templates").iterdir()}
    assert seen == {name for name in there if name.endswith(".html")}


@pytest.mark.usefixtures("bracketed")
def test_every_text_of_the_other_pages_goes_through_the_catalogue() -> None:
    """Those that the made-up marketplace does not show (see test_pages_html)."""
    shown = pages("名")
    entries = privacy_notice(Config(Path(), "diary.example", "https://diary.example")).entries
    data = [
        "名",
        "diary.example/people/ana",
        "diary.example",
        "/join/x",
        "wdt_x",
        "whsec_x",
        *EVENTS,
        "US$0.67",
        *(", ".join(names) for e in entries for names in (e.record, e.database) if names),
        *(own_name for _, own_name in language_choices()),
    ]
    for where in (
        "devices", "stop", "authorize", "sessions", "views", "message",
        "account", "sign_in", "ask", "choose", "company", "remove", "leave", "join", "people",
        "shared", "tokens", "webhooks", "weekly", "privacy", "erase",
        "disputed",
        "public",
    ):  # fmt: skip
        texts = Texts(shown[where]).texts
        assert len(texts) > 3
        assert [text for text in texts if is_untranslated(text, data)] == [], where


def test_a_name_from_right_to_left_is_isolated_on_every_page() -> None:
    shown = pages(HEBREW)
    del shown["message"]  # its text is the program's own
    for where, html in shown.items():
        for text in Texts(html).texts:
            if HEBREW in text and text != HEBREW:
                assert f"{FSI}{HEBREW}{PDI}" in text or text.strip(f"{FSI}{PDI}") == HEBREW, where
        # A person's text has an element that determines its direction.
        lonely = re.findall(rf"<(\w+)([^<>]*)>{re.escape(HEBREW)}<", html)
        for tag, attributes in lonely:
            assert tag == "bdi" or 'dir="auto"' in attributes, (where, tag)
        assert HEBREW in html or where == "/signin/client", where


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ x }}", "a\ufffdb&lt;"),
        ("{{ x | safe }}", "a\ufffdb<"),
        ("{{ _('%(name)s!', name=x) }}", "a\ufffdb&lt;!"),
        ("{% trans name=x %}{{ name }}!{% endtrans %}", "a\ufffdb&lt;!"),
        ("{% macro m(y) %}[{{ y }}]{% endmacro %}{{ m(x) }}", "[a\ufffdb&lt;]"),
        ("{{ x ~ x }}", "a\ufffdb&lt;a\ufffdb&lt;"),
        ("{{ [x] | join }}", "a\ufffdb&lt;"),
        ("<p title='{{ x }}'>", "<p title='a\ufffdb&lt;'>"),
        ("{{ 5 }}{{ none }}", "5None"),
    ],
)
def test_no_construct_of_a_template_bypasses_it(template: str, shown: str) -> None:
    env = environment()
    assert env.from_string(template).render(x="a\u202eb<") == shown


def test_markup_stays_markup() -> None:
    env = environment()
    assert env.from_string("{{ x }}").render(x=Markup("<i>a\nb</i>")) == "<i>a\nb</i>"


@pytest.mark.parametrize("path", ["/", DAY, TWO])
def test_in_a_browser_hostile_text_runs_nothing_and_turns_nothing(
    visit: Callable[..., Page], staged: SampleSite, path: str
) -> None:
    dressed(staged.review, f"{HEBREW}\u202e<img src=x onerror=alert(1)>")
    page = visit(path)
    assert page.locator("img[src=x]").count() == 0
    text = page.locator("body").inner_text()
    assert "<img src=x onerror=alert(1)>" in text
    assert not set(text) & set(BANNED)
    # The text after a Hebrew name in its line is drawn to its right, as in any English line.
    turned = page.evaluate(
        """() => [...document.querySelectorAll("bdi")].filter((bdi) => {
            const next = bdi.nextSibling;
            if (!next || next.nodeType !== 3 || !next.data.trim()) return false;
            const range = document.createRange();
            range.selectNodeContents(next);
            const [after, before] = [range.getClientRects()[0], bdi.getClientRects()[0]];
            return after && before && Math.abs(after.top - before.top) < 4
              && after.left < before.left;
        }).length"""
    )
    assert turned == 0

"""The privacy notice: complete for the record, the database and the recipients; readable, open."""

from __future__ import annotations

import argparse
import ast
import html
from pathlib import Path

import httpx
import pytest

from marketplace.cli import serve_options
from marketplace.core.config import Config
from marketplace.core.i18n import languages, tr, use_language
from marketplace.core.mail_settings import MailSettings
from marketplace.core.oidc_settings import OidcSettings
from marketplace.maintenance.doctor import examine
from marketplace.privacy.data_kinds import KINDS
from marketplace.privacy.notice import privacy_notice
from marketplace.privacy.recipients import RECIPIENTS
from marketplace.privacy.record_fields import RECORD_FIELDS
from marketplace.privacy.stored_columns import NONE, STORED
from marketplace.storage import schema
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.repository.tree import ROOT

#: Libraries that open connections to other computers.
CLIENTS = {
    *("smtplib", "requests", "httpx", "aiohttp", "authlib", "obstore"),
    *("urllib.request", "http.client"),
}
#: Commands to the marketplace on the same computer.
LOCAL = {"marketplace.operations"}
OPERATOR = """
name = "Example GmbH"
address = "Lange Straße 1\\n10115 Berlin"
email = "privacy@example.org"
authority = "Berliner Beauftragte"
"""


def config(**settings: object) -> Config:
    return Config(Path(), "diary.example", "https://diary.example", **settings)  # type: ignore[arg-type]


def test_each_column_of_the_database_has_an_entry() -> None:
    columns = {t.name: {c.name for c in t.columns} for t in schema.metadata.tables.values()}
    assert {table: set(found) for table, found in STORED.items()} == columns


def test_each_kind_of_data_is_in_the_notice() -> None:
    named = {
        kind for table in (*STORED.values(), *RECORD_FIELDS.values()) for kind in table.values()
    }
    assert sorted(named - {NONE} - KINDS.keys()) == []
    # Nothing stores network addresses.
    assert sorted(KINDS.keys() - named) == ["connections"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_each_module_that_sends_data_elsewhere_has_a_recipient() -> None:
    sending = set()
    for path in (ROOT / "marketplace").rglob("*.py"):
        names = imports(path)
        if any(name in CLIENTS or name.partition(".")[0] in CLIENTS for name in names):
            sending.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert sending - LOCAL == {module for each in RECIPIENTS for module in each.modules}


def test_the_notice_names_the_recipients_of_this_marketplace() -> None:
    titles = {each.title for each in privacy_notice(config()).recipients}
    mail = MailSettings("mail.example", "diary@example.org")
    oidc = OidcSettings("https://id.example", "id", "secret", "Example ID")
    more = {each.title for each in privacy_notice(config(mail=mail, oidc=oidc)).recipients}
    assert more - titles == {
        "The mail server of the operator",
        "Recipients of a client's weekly reports",
        "Your OpenID provider, if you sign in there",
    }


def test_monitoring_lists_what_is_monitored() -> None:
    assert [entry.kind.title for entry in privacy_notice(config()).monitored] == [
        "Computers", "Working time", "Activity", "Pictures", "Memos and notes",
        "Results of checks", "Reviews",
    ]  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_everyone_reads_the_whole_notice_in_each_language(
    marketplace: LiveMarketplace, language: str
) -> None:
    answer = httpx.get(
        f"{marketplace.url}/privacy",
        headers={"Accept-Language": language},
        trust_env=False,
        timeout=30,
    )
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    text = html.unescape(answer.text)
    with use_language(language):
        for kind in KINDS.values():
            for part in (kind.title, kind.contents, kind.purpose, kind.retention):
                assert tr(part) in text
                assert language == "en" or tr(part) != part or part == "E-mails", part
    for table, fields in (*STORED.items(), *RECORD_FIELDS.items()):
        for name, kind_name in fields.items():
            assert kind_name == NONE or f"{table}.{name}" in text


def test_the_sign_in_page_and_each_footer_link_to_it(marketplace: LiveMarketplace) -> None:
    page = httpx.get(f"{marketplace.url}/signin", trust_env=False, timeout=30).text
    assert page.count('href="/privacy"') == 2


def run(folder: Path, *args: str) -> int:
    return engines.command(args, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engines.target(tmp_path / "data")
    assert run(tmp_path / "data", "setup") == 0
    return tmp_path / "data"


def doctor_line(folder: Path) -> tuple[str, str]:
    *_, last = examine(folder, postgresql=engines.database(folder))
    return last.state, last.text


def test_doctor_warns_until_the_operator_is_named(folder: Path, tmp_path: Path) -> None:
    state, text = doctor_line(folder)
    assert (state, "--operator-file" in text) == ("attention", True)
    file = tmp_path / "operator.toml"
    file.write_text(OPERATOR, "utf-8")
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path)
    serve_options.add_to(parser)
    given = parser.parse_args(["--data-dir", str(folder), "--operator-file", str(file)])
    serve_options.remember(given, config(), "https://diary.example")
    file.unlink()
    assert doctor_line(folder) == ("ok", "The privacy notice names Example GmbH.")
    later = serve_options.settings(parser.parse_args(["--data-dir", str(folder)]))["operator"]
    with live_marketplace(folder, operator=later) as running:
        page = httpx.get(f"{running.url}/privacy", trust_env=False, timeout=30).text
    for part in ("Example GmbH", "Lange Straße 1\n10115 Berlin", "Berliner Beauftragte"):
        assert part in page
    assert "has not entered its name" not in page


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name = "x"',
        'name = "x"\naddress = "y"\nemail = " "',
        OPERATOR + 'phone = "1"',
        OPERATOR + "transfers = 1",
        OPERATOR + f'transfers = "{"x" * 2_001}"',
        "#" * 70_000,
        "\x00",
    ],
)
def test_a_wrong_file_of_the_operator_is_refused(
    folder: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "operator.toml"
    file.write_text(text, "utf-8")
    assert run(folder, "serve", "--operator-file", str(file)) == 2
    assert "operator" in capsys.readouterr().err
    assert doctor_line(folder)[0] == "attention"


def test_a_damaged_copy_fails_the_doctor(folder: Path) -> None:
    (folder / "operator.toml").write_text("name = ", "utf-8")
    assert doctor_line(folder)[0] == "failed"


def test_the_notice_states_that_the_operator_is_unnamed(marketplace: LiveMarketplace) -> None:
    page = httpx.get(f"{marketplace.url}/privacy", trust_env=False, timeout=30).text
    assert "has not entered its name" in page

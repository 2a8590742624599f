"""The section about the network: proxy, certificate authority, and a test of the connection."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, set_property, vertical
from ui.settings.network import is_user, proxy_address, script_address
from ui.settings.settings import AUTHORITY, NETWORK, PROXY, PROXY_SCRIPT, PROXY_USER
from ui.windows.settings.section import LockedValue, SettingsSection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QPushButton

    from ui.qt.theme import Theme
    from ui.settings.setting import Setting
    from ui.settings.settings import Settings

_FIELD = 240
#: Characters of a password.
_LONGEST = 512


class NetworkSection(SettingsSection):
    """Signals: `password_given` carries the password for the proxy, "" to remove it; `file_wanted`
    requests the choice of a PEM file; `test_wanted` requests a connection test.
    """

    password_given = Signal(str)
    file_wanted = Signal()
    test_wanted = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Network", "Network"))
        saved = translate("Network", "Saved. Applies to the next connection.")
        self.applies = {
            row.name: saved for row in (NETWORK, PROXY, PROXY_USER, PROXY_SCRIPT, AUTHORITY)
        }
        self.divide()
        self.mode_box = self.add_choice(
            NETWORK,
            translate("Network", "&Connection"),
            translate("Network", "How Workdiary reaches the marketplace."),
            (
                ("system", translate("Network", "Same as system")),
                ("none", translate("Network", "Without a proxy")),
                ("manual", translate("Network", "Through this proxy")),
                ("pac", translate("Network", "By a proxy script (PAC)")),
            ),
        )
        self.changed.connect(self._on_change)
        self.manual = QWidget()
        with self._inside(self.manual):
            self._add_proxy()
        self.script = QWidget()
        with self._inside(self.script):
            self.script_field = self._add_text(
                PROXY_SCRIPT,
                translate("Network", "&Script"),
                translate("Network", "e.g. http://proxy.example/proxy.pac"),
                script_address,
                translate(
                    "Network",
                    "Enter the script's address (http or https) or the whole path of its file.",
                ),
                wide=True,
            )
            self.add_note(
                translate("Network", "A proxy that the script names is used without a sign-in.")
            )
        self.divide()
        self._add_authority()
        self.divide()
        self.test_button = plain_text.button(translate("Network", "&Test"))
        self.test_button.clicked.connect(self._test)
        self.add_row(
            translate("Network", "Test the connection"),
            translate("Network", "Asks the marketplace for its name, with these settings."),
            self.test_button,
        )
        self.result = self.add_note("")
        self.result.hide()
        self.column.addStretch(1)
        self._show_mode(settings.text(NETWORK))

    def show_result(self, text: str, *, attention: bool) -> None:
        """Show the result of a test."""
        self.test_button.setEnabled(True)
        self._show_note(self.result, text, "attention" if attention else "muted")

    def show_file(self, path: str) -> None:
        """Show the path of the PEM file, "" for none."""
        plain_text.set_edit(self.file, path)
        self.remove_button.setEnabled(bool(path))
        self._show_note(self.file_problem, "")

    def show_file_problem(self, text: str) -> None:
        """Show why a chosen file is not used."""
        self._show_note(self.file_problem, text, "attention")

    # The proxy

    def _add_proxy(self) -> None:
        self.proxy_field = self._add_text(
            PROXY,
            translate("Network", "Proxy &address"),
            translate("Network", "e.g. http://proxy.example:3128"),
            proxy_address,
            translate(
                "Network",
                "Enter the address of an HTTP proxy without a password, such as "
                "http://proxy.example:3128.",
            ),
        )
        self.user_field = self._add_text(
            PROXY_USER,
            translate("Network", "&User name"),
            translate("Network", "If the proxy asks for one"),
            lambda text: text if is_user(text) else None,
            translate("Network", "A user name has no colon and at most 256 characters."),
        )
        self.password_field = QLineEdit()
        self.password_field.setEchoMode(QLineEdit.EchoMode.Password)
        self.password_field.setMaxLength(_LONGEST)
        self.password_field.returnPressed.connect(self._give_password)
        self.password_button = plain_text.button(translate("Network", "&Save password"))
        self.password_button.clicked.connect(self._give_password)
        heading = translate("Network", "&Password")
        plain_text.set_accessible(self.password_field, name=heading.replace("&", ""))
        self.add_heading(heading, self.password_field)
        self._add_line(self.password_field, self.password_button)
        self.add_note(
            translate(
                "Network",
                "The system's keyring keeps it for this proxy and user. Save an empty field to "
                "remove it.",
            )
        )

    def _give_password(self) -> None:
        password = self.password_field.text()
        self.password_field.clear()
        self.password_given.emit(password)

    # The certificate authority

    def _add_authority(self) -> None:
        title = translate("Network", "Custom certificate authority")
        self.file = QLineEdit()
        self.file.setReadOnly(True)
        plain_text.set_accessible(self.file, name=title)
        plain_text.set_placeholder(self.file, translate("Network", "None", "no file"))
        self.choose_button = plain_text.button(translate("Network", "C&hoose …"))
        self.choose_button.clicked.connect(self.file_wanted)
        self.remove_button = plain_text.button(translate("Network", "&Remove"))
        self.remove_button.clicked.connect(self._remove_file)
        self.add_heading(title)
        path = self.settings.text(AUTHORITY)
        if self.settings.is_locked(AUTHORITY):
            self.column.addWidget(LockedValue(self.theme, title, path, wide=True))
            self._add_origin(AUTHORITY)
            for part in (self.file, self.choose_button, self.remove_button):
                self.keep_hidden(part)
        else:
            self._add_line(self.file, self.choose_button, self.remove_button)
        self.add_note(
            translate(
                "Network",
                "Needed if your organisation inspects connections. The certificates in this PEM "
                "file are trusted in addition to the system's.",
            )
        )
        self.file_problem = self.add_note("", "attention")
        self.show_file(path)

    def _remove_file(self) -> None:
        self.show_file("")
        self.changed.emit(AUTHORITY, "")

    # Parts

    @contextmanager
    def _inside(self, group: QWidget) -> Iterator[None]:
        """Add the next rows to a group that can be hidden."""
        outer, self.column = self.column, vertical(8)
        group.setLayout(self.column)
        yield
        self.column = outer
        self.column.addWidget(group)

    def _add_text(
        self,
        row: Setting,
        title: str,
        placeholder: str,
        form: Callable[[str], str | None],
        wrong: str,
        *,
        wide: bool = False,
    ) -> QLineEdit:
        """Add a text field. `form` returns the stored form of a text, or None to show `wrong`."""
        field = QLineEdit()
        plain_text.set_edit(field, self.settings.text(row))
        field.setCursorPosition(0)
        plain_text.set_placeholder(field, placeholder)
        if self.settings.is_locked(row):
            self.add_locked(row, title, "", field.text())
            self.keep_hidden(field)
            return field
        if wide:
            self.add_heading(title, field)
            self.column.addWidget(field)
        else:
            field.setFixedWidth(_FIELD)
            self.add_row(title, "", field)
        problem = self.add_note("", "attention")
        problem.hide()
        kept = [field.text()]

        def finish() -> None:
            typed = field.text().strip()
            value = form(typed) if typed else ""
            self._show_note(problem, wrong if value is None else "", "attention")
            if value is None:
                return
            plain_text.set_edit(field, value)
            if value != kept[0]:
                kept[0] = value
                self.changed.emit(row, value)

        field.editingFinished.connect(finish)
        return field

    def _add_line(self, field: QLineEdit, *buttons: QPushButton) -> None:
        line = horizontal(8)
        line.addWidget(field, 1)
        for button in buttons:
            line.addWidget(button)
        self.column.addLayout(line)

    def _show_note(self, note, text: str, tone: str = "muted") -> None:  # type: ignore[no-untyped-def]
        set_property(note, "tone", tone)
        plain_text.set_text(note, text)
        note.setVisible(bool(text))

    def _on_change(self, row: Setting, value: object) -> None:
        self._show_note(self.result, "")
        if row is NETWORK:
            self._show_mode(str(value))

    def _show_mode(self, mode: str) -> None:
        self.manual.setVisible(mode == "manual")
        self.script.setVisible(mode == "pac")

    def _test(self) -> None:
        self.test_button.setEnabled(False)
        self._show_note(self.result, translate("Network", "Testing …"))
        self.test_wanted.emit()

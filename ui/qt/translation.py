"""Qt's translations: the catalogues of the person's language, the presenters' `Translate`.

The person's language is that of the system, or one that the settings choose.

Rule kept: the direction of the layout is that of the catalogue, since a person whose language has
none reads English.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

_SOURCE = "en"
#: Locales other than Qt's own choice for a language: the windows write their figures in the digits
#: 0 to 9, and a date field has those of its locale.
_LOCALES = {"ar": "ar_AE"}
_QT_CATALOGUES = QLibraryInfo.LibraryPath.TranslationsPath
#: A count is 32 bits wide for Qt.
_MOST = 2**31 - 1


def translate(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
    """The text in the person's language, `%n` filled in."""
    return QCoreApplication.translate(context, text, comment, max(-_MOST, min(n, _MOST)))


def choose_language(language: str) -> QLocale:
    """The locale of the setting `LANGUAGE`. One that is not the system's becomes Qt's default too,
    which names the months and days in calendars.
    """
    if language == "system":
        return QLocale.system()
    locale = QLocale(_LOCALES.get(language, language))
    QLocale.setDefault(locale)
    return locale


def install_translation(app: QApplication, locale: QLocale) -> list[QTranslator]:
    """Install the catalogues of the best language of `locale` that has one, else the English one:
    that of the program, and Qt's for its own buttons and menus. Set the direction of the layout.
    """
    with as_file(files("assets").joinpath("i18n")) as folder:
        ours = QTranslator(app)
        found = ours.load(locale, "workdiary", "_", str(folder)) or ours.load(
            QLocale(_SOURCE), "workdiary", "_", str(folder)
        )
    language = QLocale(ours.language() if found else _SOURCE)
    qts = QTranslator(app)
    theirs = qts.load(language, "qtbase", "_", QLibraryInfo.path(_QT_CATALOGUES))
    installed = [each for each, is_loaded in ((qts, theirs), (ours, found)) if is_loaded]
    for translator in installed:
        app.installTranslator(translator)
    app.setLayoutDirection(language.textDirection())
    return installed

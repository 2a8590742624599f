"""The language of commands and tasks."""

from __future__ import annotations

import asyncio

import pytest

from system.i18n import Catalogue, environment_languages, language, use_language


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, []),
        ({"LANG": "de_DE.UTF-8"}, ["de_DE.UTF-8"]),
        ({"LANG": "en_US.UTF-8"}, []),
        ({"LANG": "C.UTF-8"}, []),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_AT"}, ["de_AT"]),
        ({"LC_ALL": "fr_FR", "LC_MESSAGES": "de_AT", "LANG": "en"}, ["fr_FR"]),
        ({"LC_ALL": "", "LANG": "de_DE@euro"}, ["de_DE@euro"]),
        ({"LANGUAGE": "de"}, ["de"]),
        ({"LANGUAGE": "de:fr", "LANG": "en_US.UTF-8"}, ["de", "fr"]),
        # English has no catalogue, so that it ends the list.
        ({"LANGUAGE": "en:de"}, []),
        ({"LANGUAGE": "fr:en_GB:de"}, ["fr"]),
        # GNU gettext ignores LANGUAGE in the C locale only.
        ({"LANGUAGE": "de", "LC_ALL": "C"}, []),
        ({"LANGUAGE": "de", "LANG": "POSIX"}, []),
        ({"LANGUAGE": "de", "LANG": "C.UTF-8"}, ["de"]),
        ({"LANGUAGE": ":de:"}, ["de"]),
    ],
)
def test_the_environment_names_the_languages(environ: dict[str, str], names: list[str]) -> None:
    assert environment_languages(environ) == names


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("de_DE.UTF-8", "Eine Bilddatei ist nicht verfügbar."),
        ("xx:de", "Eine Bilddatei ist nicht verfügbar."),
        ("xx", "A picture file is not available."),
        ("../../../etc", "A picture file is not available."),
        ("de" * 5000, "A picture file is not available."),
    ],
)
def test_a_command_uses_the_first_language_that_it_has(
    monkeypatch: pytest.MonkeyPatch, value: str, text: str
) -> None:
    monkeypatch.setenv("LANGUAGE", value)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert Catalogue("diary").gettext("A picture file is not available.") == text


def test_each_task_has_its_own_language() -> None:
    async def task(tag: str) -> str | None:
        with use_language(tag):
            await asyncio.sleep(0)
            return language()

    async def both() -> tuple[str | None, str | None]:
        return await asyncio.gather(task("de"), task("en"))

    assert tuple(asyncio.run(both())) == ("de", "en")
    assert language() is None

"""The environment that a packaged program leaves to other programs."""

from __future__ import annotations

import pytest

from system.packaged import restore_environment

OWN = {"_PYI_ARCHIVE_FILE": "/p/program", "_PYI_PARENT_PROCESS_LEVEL": "1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OWN | {"LD_LIBRARY_PATH": "/p/_internal", "HOME": "/h"}, {"HOME": "/h"}),
        (
            OWN | {"LD_LIBRARY_PATH": "/p/_internal:/x", "LD_LIBRARY_PATH_ORIG": "/x"},
            {"LD_LIBRARY_PATH": "/x"},
        ),
        (OWN | {"LD_LIBRARY_PATH": "/p", "LD_LIBRARY_PATH_ORIG": ""}, {"LD_LIBRARY_PATH": ""}),
        ({"LD_LIBRARY_PATH": "/x", "HOME": "/h"}, {"LD_LIBRARY_PATH": "/x", "HOME": "/h"}),
        ({}, {}),
    ],
)
def test_other_programs_get_the_users_libraries(
    before: dict[str, str], after: dict[str, str]
) -> None:
    restore_environment(before)
    assert before == after

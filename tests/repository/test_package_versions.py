"""The versions of packages have the order of the releases."""

from __future__ import annotations

import shutil
import subprocess
from itertools import pairwise

import pytest
from packaging.version import Version

from installers.project import Release

ORDER = ("0.1.0a1", "0.1.0rc1", "0.1.0", "0.1.0.post1", "0.1.1.dev0", "0.1.1")


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="needs dpkg, which knows the order")
@pytest.mark.parametrize(("older", "newer"), [*pairwise(ORDER)])
def test_a_later_release_has_a_later_version_of_its_package(older: str, newer: str) -> None:
    first, second = (Release(Version(each), 0).debian for each in (older, newer))
    subprocess.run(["dpkg", "--compare-versions", first, "lt", second], check=True)

"""The Compose file and the unit of systemd. No container engine and no systemd runs here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from marketplace.cli.program import _parser
from marketplace.core.config import DATABASE_URL, parse_database_url
from marketplace.core.storage_settings.s3 import S3Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "installers" / "compose" / "compose.yaml"
UNIT = ROOT / "installers" / "linux" / "files" / "workdiary-marketplace.service"
OPERATING = ROOT / "docs" / "operating.md"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return loaded


def check_compose(file: Path) -> subprocess.CompletedProcess[str]:
    words = ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    program = Path(sys.executable).with_name(words[0])
    return subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False)


def test_the_compose_file_has_the_schema_of_compose_files(tmp_path: Path) -> None:
    done = check_compose(COMPOSE)
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text("utf-8").replace("network_mode", "network_mod"), "utf-8")
    assert check_compose(wrong).returncode == 1


def test_the_services_of_the_compose_file_refer_to_what_exists(compose: dict[str, Any]) -> None:
    services = compose["services"]
    build = services["marketplace"]["build"]
    assert (COMPOSE.parent / build["context"] / build["dockerfile"]).is_file()
    for service in services.values():
        mode = service.get("network_mode", "service:proxy")
        assert mode.removeprefix("service:") in services
        assert {*service.get("depends_on", ())} <= {*services}
        assert {*service.get("networks", ())} <= {*compose["networks"]}
        assert {each.split(":")[0] for each in service["volumes"]} <= {*compose["volumes"]}


def test_the_marketplace_accepts_the_settings_of_the_compose_file(compose: dict[str, Any]) -> None:
    service = compose["services"]["marketplace"]
    words = [re.sub(r"\$\{\w+:\?\}", "diary.example", word) for word in service["command"]]
    options = _parser().parse_args(words)
    assert (options.port, options.base_url) == (8000, "https://diary.example")
    variables = {
        name: re.sub(r"\$\{\w+:\?\}", "s3cr3t", value)
        for name, value in service["environment"].items()
    }
    database = parse_database_url(variables[DATABASE_URL])
    assert database.parameters["host"] == "database"
    settings = S3Settings.parse(variables["WORKDIARY_BLOBS"], variables)
    store = compose["services"]["store"]
    assert settings.endpoint == f"http://{store['environment']['VGW_PORT']}"
    bucket = store["volumes"][0].rpartition("/")[2]
    assert settings.bucket == bucket


def analyze(*words: str, unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", *words, unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def drop_ins() -> list[str]:
    """The drop-ins for the unit in the guide."""
    return re.findall(r"```ini\n(.*?)```", OPERATING.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("drop_in", ["", *drop_ins()])
def test_systemd_accepts_the_unit_and_the_drop_ins_of_the_guide(
    tmp_path: Path, drop_in: str
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    unit = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8")
    program = "ExecStart=/usr/bin/workdiary-marketplace"
    assert program in text
    unit.write_text(text.replace(program, "ExecStart=/bin/true"))
    if drop_in:
        assert "IPAddressAllow=" in drop_in
        folder = tmp_path / f"{UNIT.name}.d"
        folder.mkdir()
        (folder / "override.conf").write_text(drop_in)
    analyze("verify", "--man=no", unit=unit)
    # 0 is confined, 100 is not: 14 with the deny list, and a little more without it.
    analyze("security", "--offline=yes", f"--threshold={25 if drop_in else 20}", unit=unit)


def test_the_guide_has_drop_ins() -> None:
    assert len(drop_ins()) == 2

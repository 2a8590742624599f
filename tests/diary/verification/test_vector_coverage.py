"""The check's own tests run every line and every branch of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
#: Modules with 100 % of lines and branches.
HELD = (
    "log.leaf",
    "log.position",
    "log.receipt",
    "log.receipt_set",
    "log.shard_keys",
    "objects.amendment",
    "objects.device_lifecycle",
    "objects.review_entry",
    "objects.tombstone",
    "verification.chain_rules",
    "verification.check",
    "verification.current_view",
    "verification.evidence",
    "verification.segment_rules",
    "verification.statements",
)
#: The tests about these modules only.
BY = (
    "log/test_receipt.py",
    "log/test_receipt_set.py",
    "log/test_shard_keys.py",
    "objects/test_statements.py",
    "verification/test_bounds.py",
    "verification/test_check.py",
    "verification/test_finding_codes.py",
)


def test_every_branch_of_the_check_is_run(tmp_path: Path) -> None:
    data = tmp_path / "coverage"
    base = [sys.executable, "-m", "coverage"]
    modules = ",".join(f"diary.{name}" for name in HELD)
    run = subprocess.run(
        [
            *base,
            "run",
            "--branch",
            f"--source={modules}",
            f"--data-file={data}",
            *("-m", "pytest", "--quiet", "--numprocesses=0"),
            # Slow, and they run no branch that others do not.
            *("-k", "not costs_pay and not every_byte"),
            *(str(TESTS / name) for name in BY),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=TESTS.parent.parent,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    reported = tmp_path / "coverage.json"
    subprocess.run(
        [*base, "json", "--quiet", f"--data-file={data}", "-o", str(reported)],
        check=True,
        cwd=TESTS.parent.parent,
    )
    files = json.loads(reported.read_text())["files"]
    gaps = {
        name: (found["missing_lines"], found["missing_branches"])
        for name, found in files.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    assert {".".join(Path(name).with_suffix("").parts[-2:]) for name in files} == set(HELD)
    assert gaps == {}

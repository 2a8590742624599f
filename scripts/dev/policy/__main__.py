"""Writes the files of managed settings.

    python -m scripts.dev.policy

Their sources are the table of settings (`ui/settings/settings.py`) and installers/policy/rows.toml.
It writes the JSON Schema and an example of policy.json, the administrative template for Windows,
the profiles for macOS, and the table in docs/it-guide.md. A test compares the committed files with
`outputs()`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.dev.policy.admx import adml_text, admx_text
from scripts.dev.policy.entries import LANGUAGES, SOURCE, load_entries
from scripts.dev.policy.guide import guide_text
from scripts.dev.policy.json_schema import example_text, schema_text
from scripts.dev.policy.mobileconfig import login_profile, privacy_profile, settings_profile

ROOT = Path(__file__).resolve().parents[3]
FOLDER = "installers/policy"
GUIDE = "docs/it-guide.md"


def outputs(root: Path = ROOT) -> dict[str, bytes]:
    """The bytes of each generated file, by its path from `root`."""
    entries = load_entries((root / SOURCE).read_text(encoding="utf-8"))
    guide = (root / GUIDE).read_text(encoding="utf-8")
    texts = {
        f"{FOLDER}/policy.schema.json": schema_text(entries),
        f"{FOLDER}/policy.example.json": example_text(entries),
        f"{FOLDER}/windows/Workdiary.admx": admx_text(entries),
        **{
            f"{FOLDER}/windows/{folder}/Workdiary.adml": adml_text(entries, language)
            for language, folder in LANGUAGES.items()
        },
        GUIDE: guide_text(guide, entries),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        f"{FOLDER}/macos/workdiary-settings.mobileconfig": settings_profile(entries),
        f"{FOLDER}/macos/workdiary-privacy.mobileconfig": privacy_profile(),
        f"{FOLDER}/macos/workdiary-login.mobileconfig": login_profile(),
    }


def main() -> int:
    """Write the generated files; returns the exit status."""
    for name, data in outputs().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())

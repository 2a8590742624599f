r"""Builds the MSI package, for all users of a computer. Needs wixl and msibuild.

Properties of the command line:

    SERVERURL=https://…   the marketplace that the first start offers
    AUTOSTART=1           start at login, unless the user has decided; 0 forgets an earlier 1
    DELETEDATA=1          with /x: also delete the diary of the user who runs the removal

The first two set values of the policy's defaults. The package remembers them for upgrades below
`SETUP`; a command line replaces the remembered value. An upgrade and a removal first ask the
running program of the same user to seal and end.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

from installers.project import NAME, SUMMARY, run, set_times
from installers.windows.resources import COMPANY, write_icon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from installers.project import Release

#: Windows Installer recognises all versions by it, and the ids of all components are derived from
#: it: never change it.
UPGRADE_CODE = uuid.UUID("f0c6e9f5-6b13-4a3b-8d7c-5a0b8a5d7f21")
PRODUCT = "Workdiary"
#: Keys below HKEY_LOCAL_MACHINE: the policy's defaults, and what the installers remember.
DEFAULTS = r"Software\Policies\Workdiary\Defaults"
SETUP = r"Software\Workdiary\Setup"
#: The properties that are remembered, each with the policy's value that it sets.
REMEMBERED = {"SERVERURL": "marketplace", "AUTOSTART": "start_at_login"}
_CONDITIONS = {"SERVERURL": "SERVERURL", "AUTOSTART": 'AUTOSTART = "1"'}
_NAMESPACE = "http://schemas.microsoft.com/wix/2006/wi"
#: The key of the other installer, which uses the same folder.
_NSIS = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Workdiary"
_BESIDE = "Workdiary was installed by its setup program. Remove that first."
_NEWER = "A newer version of Workdiary is installed. Remove it first to install this one."
#: Type of a custom action. 34 + 64: a program in a folder of the Directory table, whose exit status
#: is ignored.
_RUN_AND_IGNORE = 98
#: The properties with the results of the search for other versions.
_FOUND = ("WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED")
#: Attributes of the Upgrade table. 1 + 512: features stay as they are, and VersionMax is included.
_UP_TO_THE_SAME = 513
#: Type of a custom action that sets a property.
_SET_PROPERTY = 51


def build_msi(tree: Path, release: Release, target: Path) -> Path:
    """Build the package of the program's folder; returns `target`. Raises BuildError."""
    with tempfile.TemporaryDirectory() as work:
        files = Path(work) / NAME
        shutil.copytree(tree, files)
        (files / "install-source").write_text("msi\n", "ascii")
        set_times(files, release.epoch)
        write_icon(Path(work) / f"{NAME}.ico")
        source = Path(work) / f"{NAME}.wxs"
        _Source(files, release).write(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        words = ["--arch", "x64", "-o", str(target.absolute()), source.name]
        run(["wixl", *words], env=release.environment(), cwd=source.parent)
    # wixl has no elements for these rows.
    for statement in _statements(release.windows):
        run(["msibuild", str(target), "-q", statement])
    return target


def _id(prefix: str, path: str) -> str:
    return f"{prefix}{hashlib.sha256(path.encode()).hexdigest()[:24]}"


def _guid(name: str) -> str:
    return str(uuid.uuid5(UPGRADE_CODE, name)).upper()


class _Source:
    """The WiX source of a folder."""

    def __init__(self, files: Path, release: Release) -> None:
        self._files = files
        self._release = release
        self._components: list[str] = []

    def write(self, target: Path) -> None:
        root = ET.Element("Wix", xmlns=_NAMESPACE)
        version = self._release.windows
        product = _add(
            root,
            "Product",
            Id=_guid(f"product {self._release.version}"),
            Name=PRODUCT,
            UpgradeCode=str(UPGRADE_CODE).upper(),
            Language="1033",
            Codepage="1252",
            Version=version,
            Manufacturer=COMPANY,
        )
        _add(
            product,
            "Package",
            Id=_guid(f"package {self._release.version} {self._release.epoch}"),
            Description=f"{PRODUCT} {self._release.version}, {SUMMARY}",
            InstallerVersion="500",
            Languages="1033",
            Compressed="yes",
            SummaryCodepage="1252",
            InstallScope="perMachine",
        )
        _add(product, "MajorUpgrade", DowngradeErrorMessage=_NEWER)
        other = _add(product, "Property", Id="NSISFOLDER")
        words = {"Root": "HKLM", "Key": _NSIS, "Name": "InstallLocation", "Type": "raw"}
        _add(other, "RegistrySearch", Id="FindNSIS", Win64="yes", **words)
        _add(product, "Condition", Message=_BESIDE).text = "Installed OR NOT NSISFOLDER"
        _add(product, "Media", Id="1", Cabinet="workdiary.cab", EmbedCab="yes")
        _add(product, "Property", Id="ARPNOMODIFY", Value="1")
        _add(product, "Icon", Id=f"{NAME}.ico", SourceFile=f"{NAME}.ico")
        _add(product, "Property", Id="ARPPRODUCTICON", Value=f"{NAME}.ico")
        _add(product, "Property", Id="DELETEDATA")
        for name in REMEMBERED:
            _add(product, "Property", Id=name)
            search = _add(product, "Property", Id=f"REMEMBERED{name}")
            words = {"Root": "HKLM", "Key": SETUP, "Name": name, "Type": "raw", "Win64": "yes"}
            _add(search, "RegistrySearch", Id=f"Find{name}", **words)
        directory = _add(product, "Directory", Id="TARGETDIR", Name="SourceDir")
        programs = _add(directory, "Directory", Id="ProgramFiles64Folder")
        folder = _add(programs, "Directory", Id="INSTALLDIR", Name=PRODUCT)
        self._add_folder(folder, self._files)
        for name, setting in REMEMBERED.items():
            self._add_values(folder, name, setting)
        menu = _add(directory, "Directory", Id="ProgramMenuFolder")
        self._add_shortcut(menu)
        local = _add(directory, "Directory", Id="LocalAppDataFolder")
        _add(local, "Directory", Id="DIARY", Name=NAME)
        feature = _add(product, "Feature", Id="Program", Level="1")
        for component in self._components:
            _add(feature, "ComponentRef", Id=component)
        ET.indent(root)
        ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)

    def _component(self, folder: ET.Element, name: str, component: str) -> ET.Element:
        self._components.append(component)
        return _add(folder, "Component", Id=component, Guid=_guid(name), Win64="yes")

    def _add_folder(self, element: ET.Element, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            inside = path.relative_to(self._files).as_posix()
            if path.is_dir():
                self._add_folder(
                    _add(element, "Directory", Id=_id("D", inside), Name=path.name), path
                )
                continue
            component = self._component(element, f"file {inside}", _id("C", inside))
            words = {
                "Id": _id("F", inside),
                "Name": path.name,
                "Source": f"{self._files.name}/{inside}",
            }
            _add(component, "File", KeyPath="yes", **words)

    def _add_values(self, folder: ET.Element, name: str, setting: str) -> None:
        component = self._component(folder, f"values {name}", name)
        value = {"Type": "string", "Value": f"[{name}]"}
        words = {"Root": "HKLM", "Key": SETUP, "Name": name}
        _add(component, "RegistryValue", KeyPath="yes", **words, **value)
        if name == "AUTOSTART":
            value = {"Type": "integer", "Value": "1"}
        _add(component, "RegistryValue", Root="HKLM", Key=DEFAULTS, Name=setting, **value)

    def _add_shortcut(self, menu: ET.Element) -> None:
        component = self._component(menu, "shortcut", "Shortcut")
        words = {"Target": f"[INSTALLDIR]{NAME}.exe", "WorkingDirectory": "INSTALLDIR"}
        _add(component, "Shortcut", Id="StartMenu", Name=PRODUCT, Description=SUMMARY, **words)
        words = {"Root": "HKLM", "Key": SETUP, "Name": "shortcut", "Type": "integer", "Value": "1"}
        _add(component, "RegistryValue", KeyPath="yes", **words)


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)


def _statements(version: str) -> list[str]:
    """The SQL statements for msibuild: the conditions of components, the properties that a user may
    pass to the elevated part, the replacement of another build with the same version, and the
    custom actions.
    """
    passed = (*_FOUND, *REMEMBERED, *(f"REMEMBERED{name}" for name in REMEMBERED), "DELETEDATA")
    found: dict[str, str | int] = {
        "UpgradeCode": f"{{{str(UPGRADE_CODE).upper()}}}",
        "VersionMax": version,
        "Attributes": _UP_TO_THE_SAME,
        "ActionProperty": "WIX_UPGRADE_DETECTED",
    }
    actions = {
        f"Remember{name}": (_SET_PROPERTY, name, f"[REMEMBERED{name}]") for name in REMEMBERED
    }
    actions["QuitProgram"] = (_RUN_AND_IGNORE, "INSTALLDIR", f'"[INSTALLDIR]{NAME}.exe" quit')
    command = '"[System64Folder]cmd.exe" /c rmdir /s /q "[DIARY]"'
    actions["DeleteDiary"] = (_RUN_AND_IGNORE, "LocalAppDataFolder", command)
    return [
        _update("Property", "Value", ";".join(passed), "SecureCustomProperties"),
        "DELETE FROM `Upgrade` WHERE `ActionProperty` = 'WIX_UPGRADE_DETECTED'",
        _insert("Upgrade", found),
        *(_update("Component", "Condition", words, name) for name, words in _CONDITIONS.items()),
        *(
            _insert(
                "CustomAction", {"Action": name, "Type": kind, "Source": source, "Target": words}
            )
            for name, (kind, source, words) in actions.items()
        ),
        *(
            _insert("InstallExecuteSequence", {"Action": name, "Condition": when, "Sequence": at})
            for name, (when, at) in _SEQUENCE.items()
        ),
    ]


def _update(table: str, column: str, value: str, row: str) -> str:
    """Set a column of the row with the key `row`; the key's column has the name of the table."""
    return f"UPDATE `{table}` SET `{column}` = '{value}' WHERE `{table}` = '{row}'"  # noqa: S608


def _insert(table: str, row: Mapping[str, str | int]) -> str:
    columns = ", ".join(f"`{name}`" for name in row)
    values = ", ".join(str(each) if isinstance(each, int) else f"'{each}'" for each in row.values())
    return f"INSERT INTO `{table}` ({columns}) VALUES ({values})"  # noqa: S608


_REMEMBER: Mapping[str, tuple[str, int]] = {
    f"Remember{name}": (f"NOT {name} AND REMEMBERED{name}", 60 + index)
    for index, name in enumerate(REMEMBERED)
}
#: The condition and the number in the sequence of each action. Properties are set between AppSearch
#: (50) and LaunchConditions (100). The program ends after CostFinalize (1000) and before
#: InstallValidate (1400), which looks for files in use. The diary is deleted after InstallFinalize
#: (6600).
_SEQUENCE: Mapping[str, tuple[str, int]] = {
    **_REMEMBER,
    "QuitProgram": (
        '(WIX_UPGRADE_DETECTED OR REMOVE = "ALL") AND NOT UPGRADINGPRODUCTCODE',
        1390,
    ),
    "DeleteDiary": ('REMOVE = "ALL" AND DELETEDATA = "1" AND NOT UPGRADINGPRODUCTCODE', 6610),
}

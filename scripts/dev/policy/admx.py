"""Generates the administrative template for Windows: Workdiary.admx, and an .adml file with its
texts for each language.

Each setting has two policies of the computer: one enforces a value, the other sets a default. They
write the values that `ui.settings.policy.registry` reads. The files have never been loaded on
Windows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scripts.dev.policy.entries import MADE, Entry
from ui.settings.policy.policy import DEFAULTS, ENFORCED, LONGEST_NAME, ORGANISATION
from ui.settings.policy.registry import KEY, SECTIONS
from ui.settings.policy.sources import LARGEST, ONE_LINE

_SCHEMA = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
_VERSION = {"revision": "1.0", "schemaVersion": "1.0"}
_SUPPORTED = "SUPPORTED_WORKDIARY"
_LONGEST_TEXT = 1023

Section = Literal["enforced", "defaults"]
_CATEGORIES: dict[str, str] = {ENFORCED: "Enforced", DEFAULTS: "Defaults"}
#: The texts that belong to no setting, by language.
_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "Workdiary": "Workdiary",
        "Enforced": "Enforced settings (users cannot change them)",
        "Defaults": "Default settings (users can change them)",
        _SUPPORTED: "Workdiary 0.1 or later",
        "Organisation": "Name of the organisation",
        "Organisation_help": "The settings show it beside each enforced value.",
        "Policy": "Whole policy as one line",
        "Policy_help": "The content of policy.json in one line. Single policies of this template "
        "come first.",
        "value": "Value:",
        "entries": "Entries:",
    },
    "de": {
        "Workdiary": "Workdiary",
        "Enforced": "Erzwungene Einstellungen (Benutzer können sie nicht ändern)",
        "Defaults": "Vorgaben (Benutzer können sie ändern)",
        _SUPPORTED: "Workdiary 0.1 oder neuer",
        "Organisation": "Name der Organisation",
        "Organisation_help": "Die Einstellungen zeigen ihn neben jedem erzwungenen Wert.",
        "Policy": "Ganze Richtlinie in einer Zeile",
        "Policy_help": "Der Inhalt von policy.json in einer Zeile. Einzelne Richtlinien dieser "
        "Vorlage gehen vor.",
        "value": "Wert:",
        "entries": "Einträge:",
    },
}


def admx_text(entries: Sequence[Entry]) -> str:
    """The text of Workdiary.admx."""
    root = Element("policyDefinitions", {"xmlns": _SCHEMA, **_VERSION})
    namespaces = SubElement(root, "policyNamespaces")
    SubElement(namespaces, "target", prefix="workdiary", namespace="Workdiary.Policies")
    SubElement(root, "resources", minRequiredRevision="1.0", fallbackCulture="en-us")
    definitions = SubElement(SubElement(root, "supportedOn"), "definitions")
    SubElement(definitions, "definition", name=_SUPPORTED, displayName=_string(_SUPPORTED))
    categories = SubElement(root, "categories")
    SubElement(categories, "category", name="Workdiary", displayName=_string("Workdiary"))
    for name in _CATEGORIES.values():
        category = SubElement(categories, "category", name=name, displayName=_string(name))
        SubElement(category, "parentCategory", ref="Workdiary")
    policies = SubElement(root, "policies")
    _add_text(policies, "Organisation", ORGANISATION, LONGEST_NAME)
    _add_text(policies, "Policy", ONE_LINE, min(LARGEST, 16_383))
    for section in _CATEGORIES:
        for entry in entries:
            _add_policy(policies, entry, section)
    return _xml(root)


def adml_text(entries: Sequence[Entry], language: str) -> str:
    """The text of Workdiary.adml in a language of `LANGUAGES`."""
    texts = _TEXTS[language]
    root = Element("policyDefinitionResources", {"xmlns": _SCHEMA, **_VERSION})
    SubElement(root, "displayName").text = texts["Workdiary"]
    SubElement(root, "description").text = texts["Workdiary"]
    resources = SubElement(root, "resources")
    strings = SubElement(resources, "stringTable")
    for name, text in _strings(entries, language):
        SubElement(strings, "string", id=name).text = text
    presentations = SubElement(resources, "presentationTable")
    for name in ("Organisation", "Policy"):
        made = SubElement(presentations, "presentation", id=name)
        _add_text_box(made, texts["value"])
    for section in _CATEGORIES:
        for entry in entries:
            _add_presentation(presentations, entry, section, texts)
    return _xml(root)


def _strings(entries: Sequence[Entry], language: str) -> Iterator[tuple[str, str]]:
    common = _TEXTS[language]
    for name in ("Workdiary", *_CATEGORIES.values(), _SUPPORTED):
        yield name, common[name]
    for name in ("Organisation", "Policy"):
        yield name, common[name]
        yield f"{name}_help", common[f"{name}_help"]
    for entry in entries:
        texts = entry.texts[language]
        yield entry.name, texts.title
        yield f"{entry.name}_help", texts.help
        for value, label in texts.labels.items():
            yield f"{entry.name}_{value}", label


def _add_policy(policies: Element, entry: Entry, section: str) -> None:
    key = rf"{KEY}\{SECTIONS[section]}"
    switch = entry.kind in {"switch", "off_only"}
    attributes = {
        "name": _policy_name(entry, section),
        "class": "Machine",
        "displayName": _string(entry.name),
        "explainText": _string(f"{entry.name}_help"),
        "key": key,
    }
    if switch:
        attributes["valueName"] = entry.name
    else:
        attributes["presentation"] = f"$(presentation.{_policy_name(entry, section)})"
    policy = SubElement(policies, "policy", attributes)
    SubElement(policy, "parentCategory", ref=_CATEGORIES[section])
    SubElement(policy, "supportedOn", ref=_SUPPORTED)
    if switch:
        _add_switch(policy, off_only=entry.kind == "off_only")
        return
    elements = SubElement(policy, "elements")
    value = {"id": "value", "valueName": entry.name, "required": "true"}
    match entry.kind:
        case "number":
            low, high = entry.range
            SubElement(elements, "decimal", {**value, "minValue": str(low), "maxValue": str(high)})
        case "choice":
            choice = SubElement(elements, "enum", value)
            for each in entry.choices:
                item = SubElement(choice, "item", displayName=_string(f"{entry.name}_{each}"))
                SubElement(SubElement(item, "value"), "string").text = each
        case "list":
            SubElement(elements, "list", id="value", key=rf"{key}\{entry.name}", valuePrefix="")
        case _:
            SubElement(elements, "text", {**value, "maxLength": str(_LONGEST_TEXT)})


def _add_switch(policy: Element, *, off_only: bool) -> None:
    """Add the values of a switch. With `off_only` the title names what the policy turns off, so
    that enabling the policy writes 0.
    """
    on = SubElement(policy, "enabledValue")
    SubElement(on, "decimal", value="0" if off_only else "1")
    off = SubElement(policy, "disabledValue")
    if off_only:
        SubElement(off, "delete")
    else:
        SubElement(off, "decimal", value="0")


def _add_text(policies: Element, name: str, value_name: str, longest: int) -> None:
    """Add a policy that writes a text into the key itself."""
    attributes = {
        "name": name,
        "class": "Machine",
        "displayName": _string(name),
        "explainText": _string(f"{name}_help"),
        "presentation": f"$(presentation.{name})",
        "key": KEY,
    }
    policy = SubElement(policies, "policy", attributes)
    SubElement(policy, "parentCategory", ref="Workdiary")
    SubElement(policy, "supportedOn", ref=_SUPPORTED)
    value = {"id": "value", "valueName": value_name, "required": "true", "maxLength": str(longest)}
    SubElement(SubElement(policy, "elements"), "text", value)


def _add_presentation(
    presentations: Element, entry: Entry, section: str, texts: dict[str, str]
) -> None:
    if entry.kind in {"switch", "off_only"}:
        return
    made = SubElement(presentations, "presentation", id=_policy_name(entry, section))
    match entry.kind:
        case "number":
            box = SubElement(made, "decimalTextBox", refId="value")
            box.set("defaultValue", str(entry.example))
            box.text = texts["value"]
        case "choice":
            SubElement(made, "dropdownList", refId="value", noSort="true").text = texts["value"]
        case "list":
            SubElement(made, "listBox", refId="value").text = texts["entries"]
        case _:
            _add_text_box(made, texts["value"])


def _add_text_box(presentation: Element, label: str) -> None:
    box = SubElement(presentation, "textBox", refId="value")
    SubElement(box, "label").text = label


def _policy_name(entry: Entry, section: str) -> str:
    return f"{_CATEGORIES[section]}_{entry.name}"


def _string(name: str) -> str:
    return f"$(string.{name})"


def _xml(root: Element) -> str:
    indent(root)
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!-- {MADE} -->\n{body}\n'

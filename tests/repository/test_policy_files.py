"""The generated files of managed settings: up to date, well-formed, consistent with the program."""

from __future__ import annotations

import json
import plistlib
import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import jsonschema
import pytest

from scripts.dev.policy.__main__ import FOLDER, GUIDE, outputs
from scripts.dev.policy.entries import LANGUAGES, SOURCE, Entry, load_entries
from scripts.dev.policy.guide import guide_text
from tests.repository.tree import ROOT
from tests.ui.settings.policy.values import VALUES, allowed_values
from ui.settings.policy.policy import Policy, parse_policy
from ui.settings.policy.registry import KEY, RegistryPolicy
from ui.settings.policy.sources import DOMAIN, load_policy
from ui.settings.settings import TABLE

TEXT = (ROOT / SOURCE).read_text("utf-8")
ENTRIES = load_entries(TEXT)
SCHEMA = json.loads((ROOT / FOLDER / "policy.schema.json").read_bytes())
CHECKER = jsonschema.Draft202012Validator(SCHEMA)
XML = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


def test_the_committed_files_are_up_to_date() -> None:
    stale = [
        name
        for name, data in outputs().items()
        if not (ROOT / name).exists() or (ROOT / name).read_bytes() != data
    ]
    assert stale == [], "run: make generate"


def test_the_folder_has_no_other_file() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).rglob("*.*")}
    assert found == {name for name in outputs() if name != GUIDE} | {SOURCE}


def test_each_setting_of_a_policy_has_its_texts() -> None:
    assert [each.name for each in ENTRIES] == [r.name for r in TABLE if r.policy is not None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[count_input]", "[theme]"),
        ("[count_input]", "[invented]"),
        ("[count_input]\nexample = false", "[count_input]"),
        ("[count_input]\nexample = false", "[count_input]\nexample = true"),
        ('pointer = "The monitor with the pointer"', 'all = "All monitors"'),
        ('de.title = "Verbindung"\n', ""),
    ],
)
def test_texts_that_do_not_fit_the_table_are_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError, match=SOURCE):
        load_entries(TEXT.replace(old, new, 1))


def test_a_guide_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        guide_text("# Guide\n", ENTRIES)


# The JSON Schema


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def plain(value: object) -> Any:
    return list(value) if isinstance(value, tuple) else value


def problems(raw: object) -> list[str]:
    return [problem.code for problem in parse_policy(raw, "policy.json", TABLE).problems]


def test_the_example_is_a_policy_without_errors() -> None:
    example = json.loads((ROOT / FOLDER / "policy.example.json").read_bytes())
    CHECKER.validate(example)
    assert problems(example) == []
    assert example["enforced"]
    assert example["defaults"]


def test_the_policy_in_the_guide_has_no_errors() -> None:
    [block] = re.findall(r"```json\n(.*?)```", (ROOT / GUIDE).read_text("utf-8"), re.DOTALL)
    CHECKER.validate(json.loads(block))
    assert problems(json.loads(block)) == []


@entry
@pytest.mark.parametrize("section", ["enforced", "defaults"])
def test_each_value_that_the_program_takes_fits_the_schema(section: str, entry: Entry) -> None:
    for value in (entry.example, *allowed_values(entry.row)):
        raw = {section: {entry.name: plain(value)}}
        assert problems(raw) == []
        CHECKER.validate(raw)


WRONG: dict[str, tuple[object, ...]] = {
    "switch": (0, "true", None, [], {}),
    "off_only": (True, 0, "false", None),
    "number": (-1, 10_000, 1.5, "4", True, None),
    "choice": ("", "other", 1, True, None),
    "text": ("", " ", 1, None, []),
    "list": ("text", [1], [""], None, {}, ["x"] * 101),
}


@entry
@pytest.mark.parametrize("section", ["enforced", "defaults"])
def test_a_wrong_value_fits_neither_the_schema_nor_the_program(section: str, entry: Entry) -> None:
    for value in WRONG[entry.kind]:
        if entry.name == "proxy_user" and value == " ":
            # A user's name may be a space.
            continue
        raw = {section: {entry.name: value}}
        assert problems(raw) in (["invalid_value"], ["not_allowed"]), value
        assert not CHECKER.is_valid(raw), value


@pytest.mark.parametrize("name", [row.name for row in TABLE if row.policy is None])
def test_the_schema_has_no_personal_setting(name: str) -> None:
    value = plain(VALUES[name][0])
    assert not CHECKER.is_valid({"enforced": {name: value}})
    assert not CHECKER.is_valid({"defaults": {name: value}})


@pytest.mark.parametrize(
    "raw",
    [None, [], "", {"settings": {}}, {"enforced": []}, {"organisation": 7}, {"defaults": None}],
)
def test_a_policy_of_another_form_fits_neither(raw: object) -> None:
    assert not CHECKER.is_valid(raw)
    assert problems(raw)


# The administrative template


ADMX = fromstring((ROOT / FOLDER / "windows" / "Workdiary.admx").read_bytes())
ADML = {
    folder: fromstring((ROOT / FOLDER / "windows" / folder / "Workdiary.adml").read_bytes())
    for folder in LANGUAGES.values()
}
POLICIES = ADMX.findall(f".//{XML}policy")


def names(parent: Element, tag: str, attribute: str) -> list[str]:
    return [each.attrib[attribute] for each in parent.iter(f"{XML}{tag}")]


def references(parent: Element, kind: str) -> list[str]:
    found = []
    for each in parent.iter():
        for value in each.attrib.values():
            found += re.findall(rf"\$\({kind}\.(\w+)\)", value)
    return found


@pytest.mark.parametrize("folder", ADML)
def test_each_text_and_presentation_exists_once_and_is_used(folder: str) -> None:
    adml = ADML[folder]
    for kind, tag in (("string", "string"), ("presentation", "presentation")):
        defined = Counter(names(adml, tag, "id"))
        assert set(defined.values()) == {1}
        assert set(references(ADMX, kind)) == set(defined)
    texts = [each.text for each in adml.iter(f"{XML}string")]
    assert all(text and text == text.strip() for text in texts)


@pytest.mark.parametrize("folder", ADML)
def test_each_presentation_shows_the_elements_of_its_policy(folder: str) -> None:
    shown = {
        each.attrib["id"]: {part.attrib["refId"] for part in each}
        for each in ADML[folder].iter(f"{XML}presentation")
    }
    for policy in POLICIES:
        elements = policy.find(f"{XML}elements")
        ids = {each.attrib["id"] for each in elements} if elements is not None else set()
        [name] = references(policy, "presentation")[:1] or [""]
        assert shown.get(name, set()) == ids, policy.attrib["name"]


def test_each_reference_within_the_template_resolves() -> None:
    categories = set(names(ADMX, "category", "name"))
    supported = set(names(ADMX, "definition", "name"))
    assert set(names(ADMX, "parentCategory", "ref")) <= categories
    used = {each.attrib["ref"] for each in ADMX.iterfind(f".//{XML}policy/{XML}supportedOn")}
    assert used == supported
    assert len({policy.attrib["name"] for policy in POLICIES}) == len(POLICIES)
    assert {policy.attrib["class"] for policy in POLICIES} == {"Machine"}
    assert all(policy.attrib["key"].startswith(KEY) for policy in POLICIES)


def written(policy: Element, value: object) -> dict[str, object]:
    """The content of the key after an administrator enabled the policy with a value."""
    path = policy.attrib["key"].removeprefix(KEY).strip("\\")
    content: dict[str, object] = {}
    on = policy.find(f"{XML}enabledValue/{XML}decimal")
    if on is not None:
        content[policy.attrib["valueName"]] = int(on.attrib["value"])
    for element in policy.iterfind(f"{XML}elements/*"):
        if element.tag == f"{XML}list":
            assert isinstance(value, tuple)
            name = element.attrib["key"].removeprefix(policy.attrib["key"]).strip("\\")
            content[name] = {str(index + 1): text for index, text in enumerate(value)}
        else:
            content[element.attrib["valueName"]] = value
    return {path: content} if path else content


@entry
@pytest.mark.parametrize("section", ["Enforced", "Defaults"])
def test_the_program_reads_the_values_that_the_template_writes(section: str, entry: Entry) -> None:
    [policy] = [each for each in POLICIES if each.attrib["name"] == f"{section}_{entry.name}"]
    for value in (entry.example, *allowed_values(entry.row)):
        if entry.kind in {"switch", "off_only"} and value is not (entry.kind == "switch"):
            continue
        key = written(policy, value)
        made = load_policy((RegistryPolicy(lambda key=key: key, TABLE),), TABLE)  # type: ignore[misc]
        assert made.problems == ()
        assert dict(getattr(made, section.lower())) == {entry.name: value}


@entry
def test_a_number_and_a_choice_have_the_range_of_the_table(entry: Entry) -> None:
    for policy in POLICIES:
        if policy.attrib["name"].partition("_")[2] != entry.name:
            continue
        for number in policy.iter(f"{XML}decimal"):
            if "minValue" in number.attrib:
                limits = (int(number.attrib["minValue"]), int(number.attrib["maxValue"]))
                assert limits == entry.row.allowed
        values = [each.text for each in policy.iterfind(f".//{XML}item/{XML}value/{XML}string")]
        assert values == (list(entry.choices) if entry.kind == "choice" else [])


def test_a_switch_that_is_disabled_is_off_or_absent() -> None:
    for policy in POLICIES:
        off = policy.find(f"{XML}disabledValue")
        if off is None:
            continue
        [child] = off
        on = policy.find(f"{XML}enabledValue/{XML}decimal")
        assert on is not None
        if on.attrib["value"] == "0":
            assert child.tag == f"{XML}delete"
        else:
            assert (child.tag, child.attrib["value"]) == (f"{XML}decimal", "0")


@pytest.mark.parametrize("name", ["organisation", "Policy"])
def test_the_texts_of_the_key_itself_are_read(name: str) -> None:
    [policy] = [each for each in POLICIES if each.attrib["name"].lower() == name.lower()]
    assert written(policy, "x") == {name: "x"}


# The profiles for macOS


def profile(name: str) -> dict[str, Any]:
    found = plistlib.loads(
        (ROOT / FOLDER / "macos" / f"workdiary-{name}.mobileconfig").read_bytes()
    )
    assert isinstance(found, dict)
    assert (found["PayloadType"], found["PayloadScope"]) == ("Configuration", "System")
    [payload] = found["PayloadContent"]
    for part in (found, payload):
        assert part["PayloadVersion"] == 1
        assert re.fullmatch("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", part["PayloadUUID"])
        assert part["PayloadIdentifier"].startswith(DOMAIN)
    return dict(payload)


def test_the_profiles_have_different_identifiers() -> None:
    payloads = [profile(name) for name in ("settings", "privacy", "login")]
    for key in ("PayloadUUID", "PayloadIdentifier", "PayloadType"):
        assert len({payload[key] for payload in payloads}) == 3


def test_the_managed_preferences_are_a_policy_without_errors() -> None:
    payload = profile("settings")
    assert payload["PayloadType"] == "com.apple.ManagedClient.preferences"
    [(domain, content)] = payload["PayloadContent"].items()
    assert domain == DOMAIN
    [forced] = content["Forced"]
    made = parse_policy(forced["mcx_preference_settings"], "x", TABLE)
    assert made.problems == ()
    assert isinstance(made, Policy)
    assert made.enforced
    assert made.defaults


def test_a_profile_grants_only_what_a_profile_can() -> None:
    payload = profile("privacy")
    assert payload["PayloadType"] == "com.apple.TCC.configuration-profile-policy"
    granted = {
        service: [program["Authorization"] for program in programs]
        for service, programs in payload["Services"].items()
    }
    assert granted == {
        "ScreenCapture": ["AllowStandardUserToSetSystemService"],
        "ListenEvent": ["AllowStandardUserToSetSystemService"],
        "Accessibility": ["Allow"],
    }
    for programs in payload["Services"].values():
        assert programs[0]["Identifier"] == DOMAIN
        assert DOMAIN in programs[0]["CodeRequirement"]


def test_the_login_item_does_not_hide_the_program() -> None:
    payload = profile("login")
    assert payload["AutoLaunchDictionaryArray"] == [
        {"Path": "/Applications/Workdiary.app", "Hide": False}
    ]

"""The check of a bundle: the record of whole weeks of one contract as files (`docs/protocol.md`
§9).

A contradiction to the manifest is reported and never changes pay, since a manifest is unsigned. The
caller opens the files, as a `diary.bundle.reader.FileSource`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from diary.bundle.layout import MANIFEST, POLICY, PROOF
from diary.bundle.manifest import Manifest
from diary.bundle.reader import BundleContents, FileSource, evidence_of, read
from diary.core.findings import Code, DiaryError, Finding
from diary.log.policy import LogPolicy, PolicyLog, parse_policy
from diary.log.position import Origin
from diary.log.shard_keys import extend_trust
from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.witnesses import WitnessPolicy
from diary.verification.check import Report, check
from diary.verification.evidence import LoggedTerms


@dataclass(frozen=True)
class CheckOptions:
    """The trusted keys, and the contract, freelancer and time that the bundle must be about. Times
    in Unix s.

    Without `keys` the bundle's own policy is trusted; without `witnesses` its witnesses and its
    quorum are required. `terms` were read from the log itself.
    """

    keys: Sequence[NoteVerifier] = ()
    ctr: str | None = None
    sub: str | None = None
    first: int | None = None
    end: int | None = None
    terms: Sequence[LoggedTerms] = ()
    witnesses: WitnessPolicy | None = None


@dataclass(frozen=True)
class CheckedBundle:
    """A bundle after its check. `findings` are all of them, sorted, each subject and code once;
    `files` the file of each subject; `keys` those that were trusted from the beginning, `outside`
    whether they were given to the check. `ctr`, `sub`, `first` and `end` are None if neither the
    options nor the manifest have them. `pictures` is false if pictures are disclosed and the bundle
    holds none; `checkpoints` are its newest ones, by the log's name, valid or not; `held` are the
    names of the files that could be read, without the pictures.
    """

    aud: str
    ctr: str | None
    sub: str | None
    first: int | None
    end: int | None
    keys: Sequence[NoteVerifier]
    outside: bool
    findings: Sequence[Finding]
    files: Mapping[str, str]
    report: Report
    pictures: bool
    checkpoints: Mapping[str, bytes]
    held: frozenset[str]

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings and notes are allowed."""
        return not any(finding.is_error for finding in self.findings)

    def file_of(self, finding: Finding) -> str:
        """The file that a finding is about; empty if there is none."""
        whole = self.files.get(finding.subject)
        return whole or self.files.get(finding.subject.partition("/")[0], "")


def check_bundle(
    files: FileSource, options: CheckOptions, progress: Callable[[int], None] = lambda _bytes: None
) -> CheckedBundle:
    """Check a bundle; `progress` is called with the length in bytes of each file.

    Raises DiaryError if nothing can be checked: E_MANIFEST if this is no bundle, E_POLICY without a
    key, or if the given keys are not those of one marketplace.
    """
    contents = read(files, progress)
    if MANIFEST not in contents.held and not any(contents.of("segments", "sdjwt")):
        raise DiaryError(Code.E_MANIFEST, "there is neither a manifest nor a segment in it")
    manifest = _manifest(contents, options)
    policy = _policy(contents, options)
    keys, aud = policy.verifiers, Origin.parse(policy.verifiers[0].name).aud
    if manifest is not None and manifest.aud != aud:
        contents.note(MANIFEST, "the bundle is of another marketplace than its key")
    first = options.first if options.first is not None else manifest.first if manifest else None
    end = options.end if options.end is not None else manifest.end if manifest else None
    ctr = options.ctr or (manifest.ctr if manifest else None)
    sub = options.sub or (manifest.sub if manifest else None)
    period = None if first is None or end is None else (first, end)
    evidence = replace(
        evidence_of(contents, aud, keys, ctr, sub, period),
        known_terms=tuple(options.terms),
        witnesses=policy.witnesses,
    )
    report = check(evidence)
    for name, checked in report.segments.items():
        for number, picture in checked.sealed.pictures.items():
            contents.about(f"{name}/shot_{number}", f"blobs/{picture.blob.sha256}")
            contents.about(f"{name}/shot_{number}/thumb", f"blobs/{picture.thumb.sha256}")
    shown = any(checked.shown.pictures for checked in report.segments.values())
    found: dict[tuple[str, str, Code], Finding] = {}
    for finding in sorted({*report.findings, *contents.findings}):
        found.setdefault((finding.kind, finding.subject, finding.code), finding)
    return CheckedBundle(
        aud=aud,
        ctr=ctr,
        sub=sub,
        first=first,
        end=end,
        keys=keys,
        outside=bool(options.keys),
        findings=tuple(found.values()),
        files=contents.subjects,
        report=report,
        pictures=bool(contents.blobs) or not shown,
        checkpoints=evidence.checkpoints or {},
        held=frozenset(contents.held),
    )


def _manifest(contents: BundleContents, options: CheckOptions) -> Manifest | None:
    """The manifest if it is valid, after comparing it with the files and the options."""
    try:
        if MANIFEST not in contents.held:
            raise DiaryError(Code.E_MANIFEST, "the bundle has no manifest that can be read")
        manifest = Manifest.parse(contents.held[MANIFEST])
    except DiaryError as error:
        contents.note(MANIFEST, error.detail)
        return None
    there = {name: d for name, d in contents.digests.items() if name != MANIFEST}
    for name in sorted({*manifest.files, *there}):
        if name not in manifest.files:
            contents.note(name, "the manifest does not name this file")
        elif name not in there:
            contents.note(name, "the manifest names this file, which is missing")
        elif there[name] not in (None, manifest.files[name]):
            contents.note(name, "the file is not the one that the manifest names")
    wanted = (options.ctr, options.sub, options.first, options.end)
    stated = (manifest.ctr, manifest.sub, manifest.first, manifest.end)
    if any(want not in (None, value) for want, value in zip(wanted, stated, strict=True)):
        contents.note(MANIFEST, "it is of another contract, freelancer or time than required")
    return manifest


def _policy(contents: BundleContents, options: CheckOptions) -> LogPolicy:
    """The initially trusted keys, and the required witnesses. Raises E_POLICY."""
    given = tuple(sorted(set(options.keys), key=lambda key: Origin.parse(key.name).shard))
    if len({Origin.parse(key.name).aud for key in given}) > 1:
        raise DiaryError(Code.E_POLICY, "the keys are of different marketplaces")
    if len({key.name for key in given}) < len(given):
        raise DiaryError(Code.E_POLICY, "there are two keys for one log")
    try:
        if POLICY not in contents.held:
            raise DiaryError(Code.E_POLICY, "the bundle has no policy that can be read")
        own = parse_policy(contents.held[POLICY])
    except DiaryError as error:
        if not given:
            raise
        contents.note(POLICY, error.detail, error.code)
        own = LogPolicy(())
    if given:
        announced = [contents.held[each.name] for each in contents.of("keys", PROOF)]
        trusted, _ = extend_trust(given, announced)
        if not set(own.verifiers) <= set(trusted):
            detail = "it names a key that is neither given nor announced"
            contents.note(POLICY, detail, Code.E_POLICY)
    logs = tuple(PolicyLog(key) for key in given) or own.logs
    return LogPolicy(logs, own.witnesses if options.witnesses is None else options.witnesses)

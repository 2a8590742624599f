"""Creates a bundle from a changed record: signs again with the attacker's keys, rebuilds the log's
tree if the attacker controls it, and updates all references to changed objects.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from diary.bundle.layout import MANIFEST, POLICY, PROOF
from diary.core.findings import DiaryError
from diary.formats.encoding import Json, b64url_encode, digest, parse_canonical
from diary.log.policy import PolicyLog, write_policy
from tests.mutations.record import (
    Entry,
    Record,
    Shard,
    Signed,
    fits,
    honest_record,
    is_opening,
    spelled,
)
from tests.mutations.tree import Tree, leaf_bytes, signature


def texts_in(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The value with other names in it."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, names) for each in value]
    return value


@dataclass
class Made:
    """The result for an entry. `name` is the digest of its object."""

    data: bytes | None
    obj: bytes | None
    name: str
    payload: Json | None = None


class Forge:
    """Creates one bundle. `signers` are the attacker's keys; with `relog` the log is rebuilt,
    otherwise its leaves stay and nothing is added.
    """

    def __init__(self, record: Record, signers: frozenset[str], relog: bool) -> None:
        self.record = record
        self.signers = signers
        self.relog = relog
        self.trees = {shard.origin: Tree(shard) for shard in record.shards}
        self.made: dict[int, Made] = {}
        self._busy: set[int] = set()
        self._files: dict[int, bytes] = {}
        self._names: dict[str, tuple[Entry, str]] = {}
        for entry in record.entries():
            if entry.old is not None:
                self._names[entry.old] = (entry, "object")
            if entry.old_file is not None:
                self._names[entry.old_file] = (entry, "file")
            for part in _parts_of(honest_data(entry)):
                self._names[digest(part.encode())] = (entry, "part")

    def forge(self) -> dict[str, bytes]:
        """The files without the manifest."""
        for tree in self.trees.values():
            self._advance(tree, None)
        files = {POLICY: self._policy()}
        states: set[tuple[str, int]] = set()
        for entry in self.record.entries():
            if entry.shown:
                for name, data in self._shown(entry):
                    files.setdefault(name, data)
                    if name.endswith(PROOF):
                        states |= _states(data)
        for tree in self.trees.values():
            name, size = tree.shard.name, len(tree.leaves)
            if size == 0:
                continue
            files[f"checkpoint/{name}"] = tree.checkpoint()
            for old in range(1, size):
                if (tree.shard.origin, old) in states:
                    files[f"consistency/{name}/{old}"] = tree.consistency(old)
        return files | {f"blobs/{sha}": data for sha, data in self.record.blobs.items()}

    def make(self, entry: Entry) -> Made:
        """Sign it, once all objects that it refers to have their names."""
        known = self.made.get(id(entry))
        if known is not None:
            return known
        if id(entry) in self._busy:
            return Made(entry.data, None, entry.old or "")
        self._busy.add(id(entry))
        if entry.signed is not None:
            made = self._make_signed(entry, entry.signed)
        else:
            obj = entry.raw_obj
            if obj is None:
                fields = entry.obj or {}
                names = self._new_names(fields) if self.relog else {}
                obj = spelled(renamed(fields, names))
            made = Made(None, obj, digest(obj))
        self._busy.discard(id(entry))
        return self.made.setdefault(id(entry), made)

    def _make_signed(self, entry: Entry, signed: Signed) -> Made:
        may = signed.by in self.signers or signed.by == "stranger"
        names = self._new_names(signed.payload) if may else {}
        for part in signed.parts or ():
            if may:
                names |= self._new_names(part.value)
        if entry.data is not None and not names and not entry.changed:
            name = entry.old or digest(entry.data.partition(b"~")[0])
            return Made(entry.data, None, name, signed.payload)
        payload = renamed(signed.payload, names)
        texts: list[tuple[str, str, bool]] = []
        for part in signed.parts or ():
            text = part.text()
            if names and part.raw is None:
                text = b64url_encode(spelled(renamed([part.salt, part.name, part.value], names)))
            texts.append((digest(text.encode()), text, part.shown))
        texts.sort()
        if signed.parts is not None and not signed.own_digests:
            payload = {**payload, "_sd": [d for d, _, _ in texts], "_sd_alg": "sha-256"}
        body = spelled(payload) if signed.raw is None else signed.raw
        head = f"{b64url_encode(spelled(signed.header))}.{b64url_encode(body)}"
        key = self.record.keys[signed.by]
        made = signed.spoiled
        if made is None:
            made = signature(key.seed, head.encode())
        jws = f"{head}.{b64url_encode(made)}"
        data = jws
        if signed.parts is not None:
            shown = [text for _, text, is_shown in texts if is_shown]
            data = "~".join([jws, *shown, *signed.extra, ""])
        return Made(data.encode(), None, digest(jws.encode()), _as_read(payload, signed.raw))

    def _new_names(self, value: Any) -> dict[str, str]:
        names: dict[str, str] = {}
        for text in texts_in(value):
            if text in self._names and len(text) == 43:
                entry, kind = self._names[text]
                new = self._name(entry, kind, text)
                if new is not None and new != text:
                    names[text] = new
        return names

    def _name(self, entry: Entry, kind: str, old: str) -> str | None:
        if kind == "object":
            return self.make(entry).name
        if kind == "file":
            data = self._beacon_file(entry)
            return None if data is None else digest(data)
        before, now = _parts_of(honest_data(entry)), _parts_of(self.make(entry).data)
        gone = [text for text in before if text not in now]
        new = [text for text in now if text not in before]
        for was, is_now in zip(gone, new, strict=False):
            if digest(was.encode()) == old:
                return digest(is_now.encode())
        return None

    def _beacon_file(self, entry: Entry) -> bytes | None:
        if not self.relog:
            return entry.receipt
        if not entry.logged:
            return entry.receipt
        tree = self.trees[self.record.shard_of(entry).origin]
        listed = [e for e in tree.shard.entries if e.logged]
        index = next(i for i, e in enumerate(listed) if e is entry)
        if index >= len(tree.leaves):
            if tree.appending:
                return None
            self._advance(tree, index)
        return tree.receipt(index, self.make(entry).obj, entry.size or index + 1)

    def _advance(self, tree: Tree, upto: int | None) -> None:
        listed = [e for e in tree.shard.entries if e.logged]
        if not self.relog:
            # The original tree, without later changes.
            listed = [e for e in _honest_shard(tree.shard.origin).entries if e.logged]
        stop = len(listed) if upto is None else upto + 1
        while len(tree.leaves) < stop:
            entry = listed[len(tree.leaves)]
            tree.appending = True
            leaf = self._leaf(entry, tree) if self.relog else _honest_leaf(entry)
            tree.appending = False
            tree.append(leaf, entry)

    def _leaf(self, entry: Entry, tree: Tree) -> bytes:
        if entry.folder == "keys" and entry.fitting and entry.obj is not None:
            self._fit(entry, tree)
        name = self.make(entry).name if entry.leaf_digest is None else entry.leaf_digest
        return leaf_bytes(entry, name)

    def _fit(self, entry: Entry, tree: Tree) -> None:
        assert entry.obj is not None
        if is_opening(entry, tree.shard):
            before = self.trees.get(str(entry.obj.get("prev_origin")))
            if before is None or before is tree:
                return
            self._advance(before, None)
            entry.obj = fits(entry.obj, len(before.leaves), before.root(len(before.leaves)))
        else:
            size = len(tree.leaves)
            entry.obj = fits(entry.obj, size, tree.root(size))

    def _policy(self) -> bytes:
        return write_policy([PolicyLog(s.signer.verifier) for s in self.record.shards])

    def _shown(self, entry: Entry) -> Iterator[tuple[str, bytes]]:
        made, proof = self.make(entry), self._receipt(entry)
        if entry.folder == "beacons":
            if proof is not None:
                yield f"beacons/{entry.attrs}-{digest(proof)}.{PROOF}", proof
        elif made.data is None:
            if proof is not None:
                named = proof if entry.folder == "keys" else made.obj or b""
                yield f"{entry.folder}/{digest(named)}.{PROOF}", proof
        else:
            stem = made.name
            assert entry.signed is not None
            kid = str(entry.signed.header.get("kid"))
            if entry.folder == "segments":
                stem = f"{kid}/{stem}"
            elif entry.folder == "devices":
                stem = kid
            ending = "jws" if entry.signed.parts is None else "sdjwt"
            yield f"{entry.folder}/{stem}.{ending}", made.data
            if proof is not None:
                yield f"{entry.folder}/{stem}.{PROOF}", proof

    def _receipt(self, entry: Entry) -> bytes | None:
        if not self.relog or not entry.logged:
            return entry.receipt
        if entry.folder == "beacons":
            return self._beacon_file(entry)
        tree = self.trees[self.record.shard_of(entry).origin]
        index = next(i for i, e in enumerate(tree.entries) if e is entry)
        made = self.make(entry)
        return tree.receipt(index, None if entry.no_object else made.obj, entry.size)


@cache
def _honest_shard(origin: str) -> Shard:
    return next(s for s in honest_record().shards if s.origin == origin)


def _honest_leaf(entry: Entry) -> bytes:
    return leaf_bytes(entry, entry.old or "")


@cache
def _honest_data() -> dict[str, bytes]:
    return {e.id: e.data for e in honest_record().entries() if e.data is not None}


def honest_data(entry: Entry) -> bytes | None:
    """The originally signed bytes; None for an invented entry."""
    return None if entry.old is None else _honest_data().get(entry.id)


def _as_read(payload: Json, raw: bytes | None) -> Json | None:
    """The signed fields; None if no parser accepts them."""
    if raw is None:
        return payload
    with contextlib.suppress(DiaryError):
        return parse_canonical(raw)
    return None


def _parts_of(data: bytes | None) -> list[str]:
    return [] if data is None else [text.decode() for text in data.split(b"~")[1:-1]]


def _states(data: bytes) -> set[tuple[str, int]]:
    """The checkpoint of a receipt, and the end of the log in an opening."""
    lines = data.partition(b"\n\n")[2].decode("utf-8", "replace").split("\n")
    if len(lines) > 1 and lines[1].isdecimal() and len(lines[1]) < 16:
        return {(lines[0], int(lines[1]))}
    return set()


def with_manifest(files: dict[str, bytes], manifest: Json) -> dict[str, bytes]:
    """The files and a manifest that lists them."""
    files = {name: data for name, data in files.items() if name != MANIFEST}
    listed = {name: digest(data) for name, data in files.items()}
    return files | {MANIFEST: spelled({**manifest, "files": listed})}

"""The vectors of the log: consistency, tiles, keys, policy, witnesses. Part of `make_vectors`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_decode, b64_encode, b64url_encode, digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from diary.log.policy import PolicyLog, write_policy
from diary.log.receipt import Receipt
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner, NoteVerifier, key_id
from diary.log.tiles import WIDTH, Tile, entry_bundle, nodes_at, tile_at
from diary.log.witnessing.cosignature import CosignatureSigner
from tests.diary.hash_tiles import hash_tile
from tests.diary.world import AUD, START, Log

_SIZE = 260


def values() -> dict[str, Any]:
    """The files' contents by name."""
    return {
        "consistency.json": consistency(),
        "tiles.json": tiles(),
        "logkey.json": logkey(),
        "policy.json": policy(),
        "witnesses.json": witnesses(),
    }


class _Tree:
    """A tree of the entries `leaf 0`, `leaf 1` and on, as in `merkle.json`."""

    def __init__(self, size: int) -> None:
        self.entries = [b"leaf %d" % n for n in range(size)]
        self._nodes: dict[tuple[int, int], bytes] = {}
        for index, entry in enumerate(self.entries):
            for level, position, value in merkle.new_nodes(
                index, merkle.leaf_hash(entry), self.read
            ):
                self._nodes[level, position] = value

    def read(self, level: int, position: int) -> bytes:
        return self._nodes[level, position]


def consistency() -> Any:
    tree = _Tree(17)
    pairs = [(1, 1), (1, 2), (1, 8), (2, 3), (3, 4), (4, 7), (6, 8), (7, 7), (8, 9), (13, 17)]
    pairs += [(16, 17), (15, 16)]
    accepted: list[dict[str, Any]] = [
        {
            "old": old,
            "new": new,
            "old_root": b64_encode(merkle.root(old, tree.read)),
            "new_root": b64_encode(merkle.root(new, tree.read)),
            "proof": [b64_encode(h) for h in merkle.consistency_proof(old, new, tree.read)],
        }
        for old, new in pairs
    ]
    good = next(each for each in accepted if (each["old"], each["new"]) == (6, 8))
    proof, other = good["proof"], b64_encode(bytes(32))
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("an older tree of no leaves", {"old": 0}),
        ("older and newer in the wrong order", {"old": 8, "new": 6}),
        ("another size", {"old": 5}),
        ("a newer size that the proof does not reach", {"new": 17}),
        ("a hash missing", {"proof": proof[:-1]}),
        ("a hash too many", {"proof": [*proof, other]}),
        ("a hash of 31 bytes", {"proof": [b64_encode(bytes(31)), *proof[1:]]}),
        ("another hash", {"proof": [other, *proof[1:]]}),
        ("no proof", {"proof": []}),
        ("the hashes in another order", {"proof": proof[::-1]}),
        ("another older root", {"old_root": other}),
        ("another newer root", {"new_root": other}),
        ("one size and two roots", {"old": 8, "proof": []}),
        ("one size and a proof", {"old": 8, "old_root": good["new_root"]}),
    ]
    return {
        "accepted": accepted,
        "refused": [{**good, **changes, "why": why} for why, changes in wrong],
    }


def tiles() -> Any:
    tree = _Tree(_SIZE)
    named = [
        Tile(0, 0), Tile(0, 0, 1), Tile(5, 999, 255), Tile(63, 1000), Tile(0, 1_234_067),
        Tile(None, 1_234_067), Tile(None, 3, 17),
    ]  # fmt: skip
    refused = [
        "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/x000/000", "tile/0/001/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/x/000", "/tile/0/000",
    ]  # fmt: skip
    listed = []
    for level, number in ((0, 0), (0, 1), (1, 0), (None, 0), (None, 1)):
        tile = tile_at(level, number, _SIZE)
        first = number * WIDTH
        data = (
            entry_bundle(tree.entries[first : first + tile.width])
            if level is None
            else hash_tile(tile, tree.read)
        )
        short = {} if len(data) > 200 else {"bytes": b64url_encode(data)}
        listed.append({"path": tile.path, "length": len(data), "digest": digest(data), **short})
    return {
        "paths": [{**tile._asdict(), "path": tile.path} for tile in named],
        "refused_paths": refused,
        "size": _SIZE,
        "hashes_at_levels": [nodes_at(level, _SIZE) for level in range(3)],
        "root": b64_encode(merkle.root(_SIZE, tree.read)),
        "tiles": listed,
        "refused_bundles": [
            {"bytes": b64url_encode(data), "width": width, "why": why}
            for data, width, why in (
                (b"", 1, "no entry"),
                (b"\0\1a\0\1b", 1, "one entry more"),
                (b"\0\1a", 2, "one entry fewer"),
                (b"\0\2a", 1, "an entry cut short"),
                (b"\0\1a\0", 1, "half a length after the last"),
                (b"\1\0a", 1, "a length in the wrong order of bytes"),
            )
        ],
    }


def logkey() -> Any:
    logs = [Log(f"shard {name}", f"{AUD}/log/{name}") for name in ("2026", "2026-2", "2027")]
    logs[0].append(Leaf(LeafType.BEACON, digest(b"beacon"), START * 1000, str(START)), b"beacon")
    objects, receipts = [], []
    for old, new in pairwise(logs):
        for log in (old, new):
            size = len(old.leaves)
            top = b64url_encode(merkle.root(size, old.read))
            key = LogKey(new.origin, new.signer.verifier.vkey, old.origin, size, top)
            index = log.append(Leaf(LeafType.KEY, digest(key.data()), START * 1000), key.data())
            objects.append(key.data().decode())
            receipts.append(log.receipt(index).decode())
    first = Receipt.parse(receipts[0].encode()).checkpoint.decode()
    return {
        "given": [logs[0].signer.verifier.vkey],
        "objects": objects,
        "receipts": receipts,
        "trusted": [log.signer.verifier.vkey for log in logs],
        "given_newest": [logs[2].signer.verifier.vkey],
        "trusted_from_newest": [logs[2].signer.verifier.vkey],
        "final_checkpoint_of_the_first": first,
    }


def policy() -> Any:
    def signer(name: str, seed: int, aud: str = AUD) -> PolicyLog:
        key = SigningKey.from_seed(bytes([seed]) * 32)
        url = f"https://{aud}/log/{name}" if seed == 1 else None
        return PolicyLog(NoteSigner(f"{aud}/log/{name}", key).verifier, url)

    first, second = signer("2026", 1), signer("2026-2", 2)
    one, two = first.verifier.vkey, second.verifier.vkey
    written = write_policy([first, second]).decode()
    free = f"# kept by hand\n\n\tquorum \t none\n log {two}\nlog\t{one} {first.url} \n"
    listed = [{"vkey": one, "url": first.url}, {"vkey": two, "url": None}]
    foreign = signer("2027", 3, "other").verifier.vkey
    same_key = signer("2027", 1).verifier.vkey
    same_name = signer("2026", 2).verifier.vkey
    refused = [
        ("quorum none\n", "no log"),
        (f"log {one}\n", "no quorum"),
        (f"log {one}\nquorum none", "no newline at the end"),
        (f"log {one}\nquorum none\nquorum none\n", "two quorums"),
        (f"log {one}\nquorum all\n", "a quorum that is not defined"),
        (f"log {one}\nsubmit w {two}\nquorum none\n", "a line of another kind"),
        *((f"log {one}\n{text}", why) for text, why in _refused_witnesses(two)),
        (f"log {one} http://a http://b\nquorum none\n", "two addresses"),
        (f"log {one}\r\nquorum none\r\n", "a carriage return"),
        (f"log {one}\nlog {one}\nquorum none\n", "a log twice"),
        (f"log {one}\nlog {same_key}\nquorum none\n", "one key under two names"),
        (f"log {one}\nlog {same_name}\nquorum none\n", "two keys under one name"),
        (f"log {one}\nlog {foreign}\nquorum none\n", "logs of two marketplaces"),
        (f"log {one[:-2]}AA\nquorum none\n", "a key that does not fit its ID"),
    ]
    cosigners = [
        f"witness {name} {each.verifier.vkey}\n"
        for name, each in zip("ABCDE", WITNESSES, strict=True)
    ]
    grouped = (
        "".join(cosigners).replace("witness C", "witness \u00f1")
        + "group one any A B\ngroup two 2 \u00f1 D E\ngroup\tboth  all one two \nquorum both\n"
    )
    with_url = cosigners[0].replace("\n", " https://witness.example/w1\n") + "quorum A\n"
    known_only = "".join(cosigners) + "quorum none\n"
    return {
        "accepted": [
            *({"text": text, "logs": listed} for text in (written, free)),
            *(
                {"text": f"log {one} {first.url}\n{text}log {two}\n", "logs": listed}
                for text in (grouped, with_url, known_only)
            ),
        ],
        "refused": [{"text": text, "why": why} for text, why in refused],
    }


#: The witnesses of the vectors.
WITNESSES = [
    CosignatureSigner(f"witness.example/w{n}", SigningKey.from_seed(bytes([100 + n]) * 32))
    for n in range(1, 6)
]


def _refused_witnesses(log: str) -> list[tuple[str, str]]:
    """Lines of witnesses that a reader refuses, and why."""
    a, b = (
        f"witness {name} {each.verifier.vkey}\n"
        for name, each in zip("AB", WITNESSES, strict=False)
    )
    vkey = WITNESSES[0].verifier.vkey
    public = WITNESSES[0].key.public
    renamed = CosignatureSigner("other.example", WITNESSES[0].key).verifier.vkey
    as_log = NoteVerifier("witness.example/w1", public).vkey
    others = [
        CosignatureSigner("w.example", SigningKey.from_seed(bytes([n]) * 32)) for n in range(33)
    ]
    many = "".join(f"witness W{n} {each.verifier.vkey}\n" for n, each in enumerate(others))
    groups = "".join(f"group g{n} any {f'g{n - 1}' if n else 'A'}\n" for n in range(33))
    return [
        (f"witness A {log}\nquorum none\n", "the key of a log as that of a witness"),
        (f"witness A {as_log}\nquorum none\n", "a witness's key of the type of a log's"),
        (f"witness A {vkey[:-2]}AA\nquorum none\n", "a witness's key that does not fit its ID"),
        (f"witness {vkey}\nquorum none\n", "a witness without a name"),
        (f"{a[:-1]} https://a https://b\nquorum none\n", "a witness with two addresses"),
        (f"{a[:-1]} https://\u00e4\nquorum none\n", "a witness's address that is not ASCII"),
        (f"{a}{a}quorum A\n", "a witness twice"),
        (f"{a}witness B {vkey}\nquorum A\n", "one key under two names of the policy"),
        (f"{a}witness B {renamed}\nquorum A\n", "one public key under two names of a key"),
        (f"witness none {vkey}\nquorum none\n", "a witness by the name of no quorum"),
        (f"quorum A\n{a}", "a quorum before its witness"),
        (f"{a}quorum A B\n", "two names in a quorum"),
        (f"{a}group g any A B\n{b}quorum g\n", "a group before its member"),
        (f"{a}group g any g\nquorum g\n", "a group in itself"),
        (f"{a}group A any A\nquorum A\n", "a group by the name of a witness"),
        (f"{a}group g any\nquorum g\n", "a group without members"),
        (f"{a}group g 0 A\nquorum g\n", "a group of none"),
        (f"{a}{b}group g 3 A B\nquorum g\n", "a group of more than its members"),
        (f"{a}{b}group g 01 A B\nquorum g\n", "a number with a zero before it"),
        (f"{a}{b}group g +1 A B\nquorum g\n", "a number with a sign"),
        (f"{a}{b}group g most A B\nquorum g\n", "another word for a number"),
        (f"{a}group g any none\nquorum g\n", "no quorum as a member"),
        (f"{a}{b}group g all A A\nquorum g\n", "a member twice"),
        (f"{a}{b}group g any A\ngroup h any A B\nquorum h\n", "a member of two groups"),
        (f"{many}quorum none\n", "33 witnesses"),
        (f"{a}{groups}quorum none\n", "33 groups"),
    ]


def witnesses() -> Any:
    """Receipts under policies with witnesses, and the code that refuses them."""
    log = Log("shard 2026", f"{AUD}/log/2026")
    leaf = Leaf(LeafType.BEACON, digest(b"beacon"), START * 1000, str(START))
    log.append(leaf, b"beacon")
    plain = log.receipt(0)
    text = Receipt.parse(plain).checkpoint.decode().partition("\n\n")[0] + "\n"
    one, two, three, four, five = WITNESSES
    at = START
    line = {each: each.sign(text, at) for each in WITNESSES}
    unknown = NoteSigner("stranger.example", SigningKey.from_seed(bytes([99]) * 32))
    ml_dsa = b64_encode(key_id(one.name, bytes(1312), b"\x06") + bytes(8 + 2420))
    garbage = f"\u2014 {one.name} {ml_dsa}\n".encode()
    wrong = one.sign(text.replace("\n1\n", "\n2\n"), at)
    swapped = b64_decode(line[one].decode().split(" ")[2].strip())
    moved = b64_encode(swapped[:4] + (at + 1).to_bytes(8, "big") + swapped[12:])
    late = (1 << 63).to_bytes(8, "big")
    message = b"cosignature/v1\ntime %d\n" % (1 << 63) + text.encode()
    too_late = b64_encode(one.verifier.id + late + one.key.sign(message))
    as_note = b64_encode(one.verifier.id + one.key.sign(text.encode()))

    def named(encoded: str) -> bytes:
        return f"\u2014 {one.name} {encoded}\n".encode()

    keys = [
        f"witness {n} {each.verifier.vkey}\n" for n, each in zip("ABCDE", WITNESSES, strict=True)
    ]
    first = f"log {log.signer.verifier.vkey}\n"
    only_one = first + keys[0] + "quorum A\n"
    one_of_two = first + keys[0] + keys[1] + "group g 1 A B\nquorum g\n"
    both = first + keys[0] + keys[1] + "group g all A B\nquorum g\n"
    none = first + keys[0] + "quorum none\n"
    two_levels = (
        first + "".join(keys) + "group x 2 A B C\ngroup y any D E\ngroup z all x y\nquorum z\n"
    )
    cases: list[tuple[str, str, bytes, str | None]] = [
        ("one of two, by the first", one_of_two, line[one], None),
        ("one of two, by the second", one_of_two, line[two], None),
        ("one of two, by both", one_of_two, line[two] + line[one], None),
        ("one of two, by none", one_of_two, b"", "E_QUORUM"),
        (
            "one of two, by witnesses that the policy does not name",
            one_of_two,
            line[three],
            "E_QUORUM",
        ),
        ("both, by one", both, line[one], "E_QUORUM"),
        ("both, by one at two times", both, line[one] + one.sign(text, at + 9), "E_QUORUM"),
        ("both, by both", both, line[one] + line[two], None),
        ("no quorum, by none", none, b"", None),
        ("two levels, met", two_levels, line[one] + line[three] + line[five], None),
        (
            "two levels, one group short",
            two_levels,
            line[one] + line[four] + line[five],
            "E_QUORUM",
        ),
        (
            "a signature of an unknown key beside it",
            only_one,
            unknown.sign(text)[len(text) + 1 :] + line[one],
            None,
        ),
        ("a cosignature of another type of key beside it", only_one, garbage + line[one], None),
        ("another type of key alone", only_one, garbage, "E_QUORUM"),
        ("the largest time", only_one, one.sign(text, 2**63 - 1), None),
        ("the time zero", only_one, one.sign(text, 0), None),
        ("a time that is too large", only_one, named(too_late), "E_CP_SIG"),
        ("a time that was not signed", only_one, named(moved), "E_CP_SIG"),
        ("a cosignature of another checkpoint", one_of_two, wrong + line[two], "E_CP_SIG"),
        ("the same, without a quorum", none, wrong, "E_CP_SIG"),
        ("a signature of the note by a witness's key", only_one, named(as_note), "E_CP_SIG"),
        (
            "a cosignature cut short",
            only_one,
            named(b64_encode(one.verifier.id + b"\1")),
            "E_CP_SIG",
        ),
        ("a line that is not base64", only_one, line[one][:-3] + b"\n", "E_CP_SIG"),
        ("64 lines", only_one, line[one] * 63, None),
        ("65 lines", only_one, line[one] * 64, "E_CP_SIG"),
    ]
    return [
        {"why": why, "policy": policy, "receipt": (plain + lines).decode(), "code": code}
        for why, policy, lines, code in cases
    ]

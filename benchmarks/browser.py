"""The check of a week in Chromium, compared with WebCrypto alone for the same operations."""

from __future__ import annotations

from benchmarks.measure import ROUNDS, Figure
from benchmarks.record import SEGMENTS_A_DAY
from diary.bundle.layout import MANIFEST
from diary.bundle.manifest import Manifest
from diary.bundle.writer import write
from diary.core.slots import DAY, SLOT
from tests.diary.world import START, World
from tests.js.engines import SITE, chromium

#: In the page: the bundle's files in memory; the check and its reference in turns; returns the
#: medians in seconds, and the longest time for which the page did not respond during a check.
_MEASURE = """
async (rounds) => {
  const { Archive } = await import("/diary/js/bundle/zip_reader.js");
  const { verifyFiles } = await import("/diary/js/bundle/check.js");
  const archive = await Archive.open(await (await fetch("/bundle.zip")).blob());
  const files = new Map();
  for (const name of archive.names()) files.set(name, await archive.read(name));
  const { subtle } = crypto;
  const pair = await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const message = new Uint8Array(1500);
  const signature = await subtle.sign("Ed25519", pair.privateKey, message);
  const names = [...files.keys()];
  const segments = names.filter((name) => name.endsWith(".sdjwt")).length;
  const beacons = names.filter((name) => name.startsWith("beacons/")).length;
  // Each beacon carries its own signed checkpoint; the receipts share the newest one.
  const signatures = segments + beacons + 2;
  async function ours() {
    const report = await verifyFiles(files);
    if (report.findings.length) throw new Error(JSON.stringify(report.findings[0]));
  }
  async function reference() {
    for (let i = 0; i < signatures; i++) {
      await subtle.verify("Ed25519", pair.publicKey, signature, message);
    }
    for (const data of files.values()) await subtle.digest("SHA-256", data);
  }
  let longest = 0;
  let watching = false;
  let last = 0;
  function turn() {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (watching) setTimeout(turn);
  }
  const taken = [[], []];
  await ours();
  await reference();
  for (let round = 0; round < rounds; round++) {
    for (const [i, work] of [ours, reference].entries()) {
      const begin = performance.now();
      await work();
      taken[i].push((performance.now() - begin) / 1000);
    }
  }
  watching = true;
  last = performance.now();
  setTimeout(turn);
  await ours();
  turn();
  watching = false;
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return [...taken.map(median), longest / 1000, segments, names.length];
}
"""


def check_a_week() -> list[Figure]:
    """Check a 40-hour week in Chromium; measure how long the page does not respond."""
    world = World(picture_bytes=100_000)
    for day in range(5):
        for number in range(SEGMENTS_A_DAY):
            world.log_segment(world.work(START + day * DAY + number * SLOT))
    files = world.bundle()
    manifest = Manifest.parse(files.pop(MANIFEST))
    bundle = b"".join(write(files.items(), manifest))
    with chromium() as engine:
        engine.page.route(
            f"{SITE}/bundle.zip",
            lambda route: route.fulfill(body=bundle, content_type="application/zip"),
        )
        told = engine.page.evaluate(_MEASURE, ROUNDS)
    ours, reference, longest, segments, count = told
    return [
        Figure(
            "check a 40-hour week in Chromium",
            f"{segments} segments, {count} files",
            ours,
            reference,
            "the same verifications and SHA-256 in WebCrypto",
            3.0,
        ),
        Figure(
            "longest pause of the page meanwhile",
            "between two turns of its event loop",
            longest,
            0.05,
            "threshold of perception",
            1.0,
        ),
    ]


def figures() -> list[Figure]:
    """All figures of this module."""
    return check_a_week()

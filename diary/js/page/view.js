// The view of a report: summary, findings, terms, days, devices, and what was not checked.

import { isolated } from "../core/display.js";
import { costsPay, isError, severityOf } from "../core/findings.js";
import { card, el, foreign, table, verdictCard } from "./elements.js";
import { day, dayOfWeek, duration, mark, sentence, time, tr, trn } from "./sentences.js";

/**
 * Nothing could be checked.
 * @param {string} code
 * @param {string} detail
 */
export function unusable(code, detail) {
  const title = tr("Nothing can be checked");
  const text = el("p", {}, `${isolated(detail)}. `, code && el("code", {}, code));
  return [verdictCard("unusable", title, text)];
}

/** The cards of a report. @param {any} report */
export function view(report) {
  return [
    summary(report),
    findings(report),
    terms(report),
    days(report),
    devices(report),
    notChecked(report),
  ].filter((each) => each !== null);
}

/** The verdict in one sentence. @param {any} report */
export function verdictOf(report) {
  if (report.result === "valid") return tr("No error in what this bundle shows");
  const errors = report.findings.filter(isError).length;
  return trn("{n} error", "{n} errors", errors);
}

/** @param {any} report */
function summary(report) {
  const { totals } = report;
  const remarks = report.findings.length > 0 && report.result === "valid";
  const errors = report.findings.filter(isError).length;
  const because =
    report.result === "invalid" && totals.unpaid
      ? tr("{time} are not paid because of it.", { time: duration(totals.unpaid) })
      : null;
  const explanation =
    report.result === "valid"
      ? tr("Checked: the signatures, times and picture times, the log, and the parts that are shown.")
      : trn(
          "It is listed below, with the part of the record that it concerns.",
          "They are listed below, each with the part of the record that it concerns.",
          errors,
        );
  return verdictCard(
    report.result,
    verdictOf(report),
    el("p", {}, explanation, " ", because, remarks && tr("There are remarks, listed below.")),
    about(report),
    el(
      "dl",
      { class: "totals" },
      total(tr("payable"), totals.payable, true),
      total(tr("recorded"), totals.tracked, true),
      total(tr("kept idle time"), totals.kept),
      total(tr("entered manually"), totals.manual),
      total(tr("deleted by the freelancer"), totals.given_back),
      total(tr("overlapping, not paid twice"), totals.overlap),
      total(tr("over the limit"), totals.over_limit),
      total(tr("not paid"), totals.unpaid),
    ),
    keyNote(report),
  );
}

/** @param {string} name @param {number} seconds @param {boolean} [always] */
function total(name, seconds, always = false) {
  if (!seconds && !always) return null;
  return el("div", {}, el("dt", {}, name), el("dd", {}, duration(seconds)));
}

/** @param {any} report */
function about(report) {
  const { aud, ctr, sub, from, to } = report;
  const parts = [
    aud,
    ctr && tr("contract {ctr}", { ctr }),
    sub && tr("freelancer {sub}", { sub }),
    from !== null && to !== null && tr("{from} to {to}", { from: day(from), to: day(to - 1) }),
  ];
  return el("p", { class: "about" }, parts.filter(Boolean).join(" · "));
}

/** @param {any} report */
function keyNote(report) {
  const keys = report.keys.map((key) => el("div", {}, el("code", {}, key)));
  if (report.label === "outside-key") {
    return el("div", { class: "key outside" }, tr("Checked with the key that you gave:"), keys);
  }
  const text = tr(
    "The log's key came with the bundle itself, so it is as trustworthy as the source of the bundle. " +
      "Compare it with a key from another source:",
  );
  return el("div", { class: "key" }, text, keys);
}

const SEVERITIES = ["error", "warning", "note"];

/** @param {any} report */
function findings(report) {
  if (!report.findings.length) return null;
  const groups = new Map();
  for (const finding of report.findings) {
    groups.set(finding.code, [...(groups.get(finding.code) ?? []), finding]);
  }
  const sorted = [...groups].sort(([a], [b]) => rank(a) - rank(b));
  const hashes = new Map(report.segments.map((segment) => [segment.hash, segment]));
  const names = new Map(report.devices.map((device) => [device.kid, device.name]));
  const items = sorted.map(([code, listed]) => {
    const places = listed.map((finding) => where(finding, hashes, names));
    const first = el("div", {}, sentence(code));
    if (places.length === 1) first.append(el("div", { class: "muted" }, places[0]));
    else first.append(manyPlaces(places));
    return el("li", { class: severityOf(code) }, el("code", {}, code), first);
  });
  const wrong = report.result === "invalid";
  const title = wrong ? tr("Errors and remarks") : tr("Remarks");
  return card("findings-title", title, el("ul", { class: "findings" }, items));
}

/** Sorts codes that cost pay first, then other errors, warnings, notes. @param {string} code */
function rank(code) {
  return costsPay(code) ? 0 : 1 + SEVERITIES.indexOf(severityOf(code));
}

/** @param {string[]} places */
function manyPlaces(places) {
  const list = el("ul", { class: "subjects" }, places.map((place) => el("li", {}, place)));
  return el("details", {}, el("summary", {}, trn("{n} place", "{n} places", places.length)), list);
}

/**
 * A description of the finding's subject.
 * @param {any} finding
 * @param {Map<string, any>} hashes
 * @param {Map<string, string>} names
 */
function where({ kind, subject, file }, hashes, names) {
  const [hash, picture, thumb] = subject.split("/");
  const segment = kind === "segment" || kind === "disclosure" ? hashes.get(hash) : undefined;
  if (segment !== undefined) {
    const parts = [day(segment.t0), `${time(segment.t0)}–${time(segment.t1)}`, isolated(segment.memo ?? "")];
    if (picture) parts.push(tr("picture {n}", { n: Number(picture.replace(/\D/g, "")) + 1 }));
    if (thumb) parts.push(tr("thumbnail"));
    return parts.filter(Boolean).join(", ");
  }
  if (kind === "device" && names.has(subject)) {
    return tr("Device {name}", { name: isolated(names.get(subject) ?? "") });
  }
  if (kind === "log") return tr("The log: {subject}", { subject: isolated(file || subject) });
  return isolated(file || subject);
}

const DAY = 86_400;

/** @param {any} report */
function days(report) {
  if (!report.days.length) return null;
  const of = (/** @type {any} */ each) =>
    report.segments.filter(({ t0 }) => t0 >= each.from && t0 < each.from + DAY);
  const rows = report.days.map((each) => {
    const segments = of(each);
    const pictures = segments.reduce((sum, { shots }) => sum + shots.length, 0);
    return [
      dayOfWeek(each.from),
      duration(each.payable),
      duration(each.tracked + each.kept + each.manual),
      String(segments.length),
      String(pictures),
      classes(segments),
    ];
  });
  const columns = [
    [tr("Day (UTC)")],
    [tr("Payable"), "n"],
    [tr("Total"), "n"],
    [tr("Segments"), "n"],
    [tr("Pictures"), "n"],
    [tr("Class")],
  ];
  const each = report.days.map((one) =>
    el("details", {}, el("summary", {}, dayOfWeek(one.from)), segmentTable(one, of(one))),
  );
  const legend = tr(
    "Class A: the picture times could not be known in advance. B: bounded and unchanged. " +
      "C: everything else.",
  );
  return card(
    "days-title",
    tr("Days"),
    table(tr("Days"), columns, rows),
    el("p", { class: "muted" }, legend),
    el("h3", {}, tr("Segments of each day")),
    ...each,
  );
}

/** The number of segments of each class, such as `A 46, B 2`. @param {any[]} segments */
function classes(segments) {
  return ["A", "B", "C"]
    .map((name) => [name, segments.filter(({ assurance }) => assurance === name).length])
    .filter(([, count]) => count)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

const KINDS = { auto: mark("recorded"), kept: mark("kept idle time"), manual: mark("entered manually") };

/** @param {any} one @param {any[]} segments */
function segmentTable(one, segments) {
  const rows = segments.map((segment) => [
    `${time(segment.t0)}–${time(segment.t1)}`,
    [
      (segment.memo ?? null) === null
        ? el("span", { class: "muted" }, tr("no memo is shown"))
        : foreign(segment.memo),
      segment.kind !== "auto" && el("span", { class: "more" }, tr(KINDS[segment.kind])),
      segment.note && el("span", { class: "more" }, tr("Note: {note}", { note: isolated(segment.note) })),
      segment.deletions > 0 && el("span", { class: "more" }, tr("a part was deleted")),
      segment.shots.map(([n, at]) =>
        el("span", { class: "more" }, tr("picture {n} at {time}", { n: n + 1, time: time(at / 1000) })),
      ),
    ],
    segment.active === null ? "" : String(segment.active),
    segment.payable
      ? duration(segment.payable)
      : el("span", { class: segment.unpaid ? "bad" : "" }, tr("not paid")),
    segment.assurance,
    el("code", {}, segment.codes.join(" ")),
  ]);
  const columns = [
    [tr("Time (UTC)")],
    [tr("Memo")],
    [tr("Active minutes"), "n"],
    [tr("Payable"), "n"],
    [tr("Class")],
    [tr("Codes")],
  ];
  return table(tr("Segments of {day}", { day: day(one.from) }), columns, rows);
}

/** @param {any} report */
function devices(report) {
  if (!report.devices.length) return null;
  const rows = report.devices.map((device) => {
    const own = report.chains.filter(({ kid }) => kid === device.kid);
    const remarks = [
      !device.vouched && tr("no earlier computer of this person has confirmed it"),
      device.retired && tr("signed out"),
      device.revoked && tr("revoked"),
    ];
    return [
      foreign(device.name),
      own.map(({ seq }) => tr("{first} to {last}", { first: seq[0], last: seq[1] })).join(", "),
      own.flatMap(({ index }) => index.map(([log, at]) => `${log}/${at}`)).join(" – "),
      remarks.filter(Boolean).join(", "),
    ];
  });
  const columns = [[tr("Device")], [tr("Numbers")], [tr("In the log at")]];
  if (rows.some((cells) => cells[3])) columns.push([tr("Remarks")]);
  else for (const cells of rows) cells.pop();
  const text = tr("Only the owner can see whether numbers are missing at the end.");
  return card(
    "devices-title",
    tr("Devices"),
    table(tr("Devices"), columns, rows),
    el("p", { class: "muted" }, text),
  );
}

const UNCHECKED = {
  amendments: mark("later memos that the bundle leaves out"),
  beacons: mark("a second random value of the log for one slot"),
  forks: mark("segments with the same numbers that were logged earlier"),
  other_contracts: mark("work at the same time on other contracts"),
  pictures: mark("the pictures, whose files are not in this bundle"),
  retirements: mark("retirements of devices that the bundle leaves out"),
  reviews: mark("comments and approvals that the bundle leaves out"),
  revocations: mark("revocations of devices that the bundle leaves out"),
  terms: mark("newer terms of the contract that the bundle leaves out"),
  tombstones: mark("deletions that the bundle leaves out"),
};

const STATES = { active: mark("active"), paused: mark("paused"), ended: mark("ended") };

/** The terms on which the totals rest. @param {any} report */
function terms(report) {
  const title = tr("Terms used for the totals");
  if (!report.terms.length) {
    return card("terms-title", title, el("p", {}, tr("None: the bundle has no valid terms.")));
  }
  const items = report.terms.map(({ from, state, limit_s: limit, index }) => {
    const text = tr("since {day} {time} UTC: {state}, {limit} ({place} in the log)", {
      day: day(from),
      time: time(from),
      state: tr(STATES[state]),
      limit: limitText(limit),
      place: index.join("/"),
    });
    return el("li", {}, text);
  });
  const note = tr("Newer terms may be missing from this bundle: only the log shows them.");
  return card("terms-title", title, el("ul", { class: "left" }, items), el("p", { class: "muted" }, note));
}

/** @param {number | null} limit seconds a week */
function limitText(limit) {
  if (limit === null) return tr("no weekly limit");
  return tr("at most {time} a week", { time: duration(limit) });
}

/** @param {any} report */
function notChecked(report) {
  const items = report.not_checked.map((name) => el("li", {}, tr(UNCHECKED[name] ?? name)));
  const title = tr("Not checked, since it is not visible in the files");
  return card("unchecked-title", title, el("ul", { class: "left" }, items));
}

"""The dashboard for Grafana reads only figures that a marketplace has."""

from __future__ import annotations

import json
import re

from prometheus_client.parser import text_string_to_metric_families

from diary.core.findings import Code
from marketplace.core.metrics import AuditFigures, Metrics
from tests.repository.tree import ROOT

DASHBOARD = json.loads((ROOT / "installers" / "monitoring" / "grafana.json").read_text("utf-8"))


def exposed() -> dict[str, set[str]]:
    """The names of the samples of a marketplace in which everything has happened, with their
    labels.
    """
    metrics = Metrics(lambda: 1, lambda: AuditFigures(1, 0, {Code.W_LATE.value: 1}))
    metrics.watch(lambda: 1, {"not_reading": 1})
    metrics.requests.labels("GET", "/", "200").inc()
    metrics.duration.labels("/").observe(0.1)
    metrics.findings.labels(Code.W_LATE.value).inc()
    metrics.witnesses.count("one", "cosigned")
    metrics.witnesses.set("one", 0, failing=False)
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def test_each_panel_reads_figures_that_exist() -> None:
    known = exposed()
    read = set()
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            names = re.findall(r"workdiary_\w+", target["expr"])
            assert names, panel["title"]
            read.update(names)
            labels = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert labels <= set.union(*(known.get(name, set()) for name in names)), panel["title"]
    assert read <= known.keys()
    # Those that no panel reads.
    assert {name for name in known if not name.endswith(("_count", "_sum", "_created"))} - read == {
        "workdiary_witness_requests_total",
        "workdiary_witness_failing",
    }


def test_panels_have_a_description_and_a_place_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)
    assert all(panel["title"] and panel["description"].endswith(".") for panel in panels)

"""Events become metrics of Prometheus and OpenTelemetry, as their own packages show them."""

from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import CollectorRegistry, generate_latest

from pressmark.events import Event, FileServed, RegionBuilt, RegionRendered, StoreCalled
from pressmark.metrics.opentelemetry import OpenTelemetryMetrics
from pressmark.metrics.prometheus import PrometheusMetrics
from tests.conftest import Write
from tests.site import Site, css_region

EVENTS: list[Event] = [
    RegionRendered("css", "warm"), RegionRendered("css", "warm"), RegionRendered("js", "kept", "AssetError"),
    RegionBuilt("css", 0.02, 1), StoreCalled("redis://h/0", "get", "failed", 0.3),
    FileServed("css", 200, "br", 100), FileServed("css", 200, "br", 50), FileServed("css", 304, "identity", 0),
]  # fmt: skip


def test_prometheus_counts_them() -> None:
    registry = CollectorRegistry()
    metrics = PrometheusMetrics(registry)
    for event in EVENTS:
        metrics(event)
    lines = generate_latest(registry).decode().splitlines()

    for line in (
        'pressmark_regions_total{kind="css",outcome="warm",reason=""} 2.0',
        'pressmark_regions_total{kind="js",outcome="kept",reason="AssetError"} 1.0',
        'pressmark_build_seconds_bucket{kind="css",le="0.025"} 1.0',
        'pressmark_build_seconds_bucket{kind="css",le="0.01"} 0.0',
        'pressmark_store_seconds_sum{call="get",outcome="failed",store="redis://h/0"} 0.3',
        'pressmark_served_total{coding="br",kind="css",status="200"} 2.0',
        'pressmark_served_bytes_total{coding="br",kind="css"} 150.0',
    ):
        assert line in lines


def value_of(point: Any) -> float:
    """Return the value of a counter, or the sum of a histogram."""
    value: float = point.value if hasattr(point, "value") else point.sum
    return value


def test_opentelemetry_counts_them() -> None:
    reader = InMemoryMetricReader()
    metrics = OpenTelemetryMetrics(MeterProvider([reader]))
    for event in EVENTS:
        metrics(event)
    data = reader.get_metrics_data()
    assert data is not None
    (scope,) = data.resource_metrics[0].scope_metrics
    found = {
        (metric.name, *sorted((point.attributes or {}).items())): getattr(point, "value", None)
        or getattr(point, "sum", 0)
        for metric in scope.metrics
        for point in metric.data.data_points
    }

    assert scope.scope.name == "pressmark"
    assert found["pressmark.regions", ("kind", "css"), ("outcome", "warm"), ("reason", "")] == 2
    assert found["pressmark.build.duration", ("kind", "css")] == pytest.approx(0.02)
    assert found["pressmark.served.size", ("coding", "br"), ("kind", "css")] == 150
    assert found["pressmark.store.duration", ("call", "get"), ("outcome", "failed"), ("store", "redis://h/0")] == (
        pytest.approx(0.3)
    )


def test_a_site_names_it_in_its_settings(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"on_event": "prometheus"})
    site.get()
    site.get()

    shown = generate_latest().decode()
    assert 'pressmark_regions_total{kind="css",outcome="warm",reason=""}' in shown
    assert 'pressmark_build_seconds_count{kind="css"}' in shown

"""Metrics for Prometheus: ``on_event="prometheus"``. They are in the registry of ``prometheus_client``."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from pressmark.events import BundleRebuilt, Event, FileServed, RegionBuilt, RegionRendered

BUILD_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STORE_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class PrometheusMetrics:
    """Counts events in *registry*, by default the one that every exporter shows."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._regions = Counter(
            "pressmark_regions", "Regions that have left in pages.", ("kind", "outcome", "reason"), registry=registry
        )
        self._builds = Histogram(
            "pressmark_build_seconds", "Seconds to build a region, or to find it in a store.", ("kind",),
            registry=registry, buckets=BUILD_BUCKETS,
        )  # fmt: skip
        self._rebuilds = Histogram(
            "pressmark_rebuild_seconds", "Seconds to build a bundle by the recipe in its URL.", ("kind", "outcome"),
            registry=registry, buckets=BUILD_BUCKETS,
        )  # fmt: skip
        self._calls = Histogram(
            "pressmark_store_seconds", "Seconds of calls to the shared store.", ("store", "call", "outcome"),
            registry=registry, buckets=STORE_BUCKETS,
        )  # fmt: skip
        self._served = Counter(
            "pressmark_served", "Answers to requests for bundles.", ("kind", "status", "coding"), registry=registry
        )
        self._bytes = Counter(
            "pressmark_served_bytes", "Bytes of bundles that were sent.", ("kind", "coding"), registry=registry
        )

    def __call__(self, event: Event) -> None:
        """Count *event*."""
        if isinstance(event, RegionRendered):
            self._regions.labels(*event).inc()
        elif isinstance(event, FileServed):
            self._served.labels(event.kind, str(event.status), event.coding).inc()
            self._bytes.labels(event.kind, event.coding).inc(event.size)
        elif isinstance(event, RegionBuilt):
            self._builds.labels(event.kind).observe(event.seconds)
        elif isinstance(event, BundleRebuilt):
            self._rebuilds.labels(event.kind, event.outcome).observe(event.seconds)
        else:
            self._calls.labels(event.store, event.call, event.outcome).observe(event.seconds)

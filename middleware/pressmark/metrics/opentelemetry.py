"""Metrics for OpenTelemetry: ``on_event="opentelemetry"``. They go to the meter provider of the process."""

from opentelemetry.metrics import MeterProvider, get_meter

from pressmark.events import BundleRebuilt, Event, FileServed, RegionBuilt, RegionRendered
from pressmark.version import VERSION


class OpenTelemetryMetrics:
    """Counts events by the meters of *provider*, by default the one that the process has set."""

    def __init__(self, provider: MeterProvider | None = None) -> None:
        meter = get_meter("pressmark", VERSION, provider)
        self._regions = meter.create_counter("pressmark.regions", "{region}", "Regions that have left in pages.")
        self._builds = meter.create_histogram(
            "pressmark.build.duration", "s", "Time to build a region, or to find it in a store."
        )
        self._rebuilds = meter.create_histogram(
            "pressmark.rebuild.duration", "s", "Time to build a bundle by the recipe in its URL."
        )
        self._calls = meter.create_histogram("pressmark.store.duration", "s", "Time of calls to the shared store.")
        self._served = meter.create_counter("pressmark.served", "{response}", "Answers to requests for bundles.")
        self._bytes = meter.create_counter("pressmark.served.size", "By", "Bytes of bundles that were sent.")

    def __call__(self, event: Event) -> None:
        """Count *event*."""
        if isinstance(event, RegionRendered):
            self._regions.add(1, event._asdict())
        elif isinstance(event, FileServed):
            self._served.add(1, {"kind": event.kind, "status": event.status, "coding": event.coding})
            self._bytes.add(event.size, {"kind": event.kind, "coding": event.coding})
        elif isinstance(event, RegionBuilt):
            self._builds.record(event.seconds, {"kind": event.kind})
        elif isinstance(event, BundleRebuilt):
            self._rebuilds.record(event.seconds, {"kind": event.kind, "outcome": event.outcome})
        else:
            self._calls.record(event.seconds, {"store": event.store, "call": event.call, "outcome": event.outcome})

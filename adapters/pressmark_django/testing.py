"""Record the regions of all pages that a project's test suite renders: a mix-in for its test runner."""

import os
from pathlib import Path
from typing import Any

from pressmark.adapters.commands import VARIABLE, summary_of


class RecordMixin:
    """Says at the end of the tests what was recorded; to be mixed into a ``DiscoverRunner``.

    The regions go to the file that ``PRESSMARK_RECORD`` names in the environment, else to *record_file*.
    """

    record_file = "pressmark.jsonl"

    def setup_test_environment(self, **kwargs: Any) -> None:
        """Name the file to the project, here and in the processes of ``--parallel``."""
        os.environ.setdefault(VARIABLE, os.path.abspath(self.record_file))
        super().setup_test_environment(**kwargs)  # type: ignore[misc]

    def teardown_test_environment(self, **kwargs: Any) -> None:
        """Say what was recorded."""
        super().teardown_test_environment(**kwargs)  # type: ignore[misc]
        print(summary_of(Path(os.environ[VARIABLE])))  # for people, as the runner's own lines

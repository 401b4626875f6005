"""The Hypothesis profile of ``make quick``, which shortens the marathons and nothing else."""

from hypothesis import settings

QUICK = "quick"
QUICK_PART = 10


def marathon(examples: int) -> int:
    """Return how many of a marathon's *examples* to try: all, or one in ten with ``--hypothesis-profile=quick``."""
    return examples // QUICK_PART if settings.get_current_profile_name() == QUICK else examples

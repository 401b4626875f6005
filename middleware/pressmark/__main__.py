"""``python -m pressmark`` is ``pressmark``."""

from pressmark.cli.main import main

main(prog_name="pressmark")

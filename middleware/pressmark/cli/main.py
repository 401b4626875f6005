"""The command line: ``pressmark`` and ``python -m pressmark``."""

import click

from pressmark.cli.build import build
from pressmark.cli.cache import cache
from pressmark.cli.deploy import deploy_command, prune_command, releases_command, rollback_command
from pressmark.cli.doctor import doctor
from pressmark.cli.explain import explain
from pressmark.cli.export import export
from pressmark.cli.images import images
from pressmark.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="pressmark")
def main() -> None:
    """Bundle the stylesheets and scripts of any framework's pages."""


main.add_command(build)
main.add_command(explain)
main.add_command(cache)
main.add_command(export)
main.add_command(doctor)
main.add_command(deploy_command)
main.add_command(releases_command)
main.add_command(rollback_command)
main.add_command(prune_command)
main.add_command(images)

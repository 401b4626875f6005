"""The sites, which templates ask by methods."""


class Site:
    """One of the sites of the project."""

    def __init__(self, domain, accent):
        self.domain, self.accent = domain, accent

    def get_absolute_url(self):
        """Return the address of the site."""
        return f"https://{self.domain}/"

    def scss_files(self):
        """Return the names of the stylesheets that the site's widgets have."""
        return ["scss/widgets.scss", f"scss/{self.accent}.scss"]


SITES = [Site("news.example", "red"), Site("shop.example", "green")]

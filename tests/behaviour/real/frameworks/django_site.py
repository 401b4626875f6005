"""Keeps the pages of one site of Django: ``python -m tests.behaviour.real.frameworks.django_site SITE FOLDER``."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from tests.behaviour.real.frameworks.django_settings import settings_of
from tests.behaviour.real.frameworks.keeping import Answer, keep

HERE = Path(__file__).parent
NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


def begin(site: str, folder: Path) -> None:
    """Configure Django, make the database, put the static files together."""
    static = folder / "static"
    sys.path.append(str(folder))
    settings.configure(**settings_of(site, str(folder / "site.sqlite3"), str(static), str(HERE / "templates")))
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    if site == "wagtail":  # its models build on others that have migrations
        (folder / "magazine_migrations").mkdir()
        (folder / "magazine_migrations" / "__init__.py").touch()
        call_command("makemigrations", "magazine", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def fill_library() -> None:
    """Put books on the shelves."""
    from tests.behaviour.real.frameworks.library.models import Author, Book, Branch, Event, Loan  # noqa: PLC0415

    authors = [Author.objects.create(name=name) for name in ("Ada", "Grace", "Hedy")]
    branch = Branch.objects.create(name="Harbour")
    Event.objects.create(branch=branch, title="A reading")
    for number, title in enumerate(["Notes", "Compilers", "Frequencies", "Letters", "Tables"]):
        day = date(2026, 1 + number % 2, 3 + number)
        author = authors[number % 3]
        book = Book.objects.create(title=title, slug=title.lower(), author=author, published=day, is_lent=number == 1)
        Loan.objects.create(book=book, reader="Mary", taken=NOON)


def fill_wagtail() -> None:
    """Write an article below the home page."""
    from wagtail.models import Page  # noqa: PLC0415

    from tests.behaviour.real.frameworks.magazine.models import Article  # noqa: PLC0415

    home = Page.objects.get(depth=2)
    body = [("heading", "Harbour"), ("paragraph", "<p>It opens at nine.</p>")]
    home.add_child(instance=Article(title="Opening", day=NOON.date(), intro="<p>Soon.</p>", body=body))


def fill_oscar() -> None:
    """Put products into the shop."""
    from oscar.test.factories import create_product  # noqa: PLC0415

    for title in ("Notes", "Compilers"):
        create_product(title=title, product_class="Book", price=12, num_in_stock=3, upc=title)


def fill_cms() -> None:
    """Make a home page."""
    from cms.api import create_page  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db.transaction import atomic  # noqa: PLC0415

    with atomic():
        create_page("Home", "cms_page.html", "en", created_by=User.objects.get()).set_as_homepage()


FILLERS = {"wagtail": fill_wagtail, "oscar": fill_oscar, "cms": fill_cms}


def get_from(user: Any) -> Answer:
    """Return a function that asks the site, as *user* if there is one."""
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"accept": "text/html,*/*"})
    if user:
        backend = settings.AUTHENTICATION_BACKENDS[0]
        client.force_login(user, backend)

    def answer(path: str) -> tuple[int, str, bytes]:
        response = client.get(path, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, response.headers.get("Content-Type", ""), body

    return answer


def main(site: str, folder: Path) -> None:
    """Keep the site's pages in *folder*."""
    begin(site, folder)
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    user = get_user_model().objects.create_superuser(
        "librarian", "librarian@example.com", "correct horse", date_joined=NOON
    )
    FILLERS.get(site, fill_library)()
    keep(site, folder, lambda has_user: get_from(user if has_user else None))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

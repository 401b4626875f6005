"""Pages of Django's admin, REST framework, Flask-Admin and FastAPI in Chromium: bundled or not, they are the same."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.look import Act, Look, browser, differing_pixels, looks_at
from tests.browser.real.running import serving
from tests.profiles import part

WSGI = ["waitress", "--listen=127.0.0.1:{port}"]
SERVERS = {
    "django": [*WSGI, "tests.browser.real.django_admin:app"],
    "rest_framework": [*WSGI, "tests.browser.real.rest_framework_site:app"],
    "flask_admin": [*WSGI, "tests.browser.real.flask_admin_site:app"],
    "fastapi": ["uvicorn", "--port={port}", "--log-level=warning", "tests.browser.real.fastapi_docs:app"],
}
# As in django_admin.py, which cannot be imported beside other tests: Django is configured once in a process.
USER, PASSWORD = "librarian", "correct horse"


def turn_dark(page: Page) -> None:
    page.click("#header .theme-toggle")
    page.locator("html[data-theme=dark]").wait_for()


def select_all(page: Page) -> None:
    page.check("#action-toggle")
    page.get_by_text("5 of 5 selected").wait_for()


def open_calendar(page: Page) -> None:
    page.click(".field-date_joined .date-icon")
    page.locator(".calendarbox", has_text="February 2020").wait_for()


def open_groups(page: Page) -> None:
    page.keyboard.press("Escape")
    page.click(".field-groups .select2-selection")
    page.locator(".select2-results__option", has_text="Reading room").wait_for()


def open_filters(page: Page) -> None:
    page.click("button[data-target='#filtersModal']")
    page.locator("#filtersModal:focus").wait_for()  # that is the end of opening it


def open_raw_data(page: Page) -> None:
    page.click("a[name='raw-tab']")
    page.locator("#put-generic-content-form textarea").wait_for()


def ask_to_delete(page: Page) -> None:
    page.click("button[data-target='#deleteModal']")
    page.locator("#deleteModal:focus").wait_for()


def add_filter(page: Page) -> None:
    page.click("text=Add Filter")
    page.click(".dropdown-menu >> text=Published")
    page.locator("#filter_form .filters select").first.wait_for(state="attached")


def edit_in_place(page: Page) -> None:
    page.click("text=Notes on the engine")
    page.locator(".editableform input").wait_for()


def pick_date(page: Page) -> None:
    page.click("#published")
    page.locator(".daterangepicker td.active:visible", has_text="14").wait_for()


def choose_author(page: Page) -> None:
    page.keyboard.press("Escape")
    page.click(".select2-container")
    page.locator(".select2-results >> text=Grace").wait_for()


def try_out(page: Page) -> None:
    page.click("#operations-books-books_books_get .opblock-summary-control")
    page.click("text=Try it out")
    page.locator("button.execute").wait_for()


@dataclass(frozen=True)
class Visit:
    """A page, what is done there, and how many stylesheets and scripts are loaded: as written, bundled, bundles."""

    site: str
    path: str
    acts: tuple[Act, ...]
    requests: tuple[int, int, int]


VISITS = {
    "login": Visit("django", "/admin/login/", (turn_dark,), (7, 6, 2)),
    "changelist": Visit("django", "/admin/auth/user/", (select_all, turn_dark), (17, 9, 4)),
    "changeform": Visit("django", "/admin/auth/user/2/change/", (open_calendar, open_groups), (28, 10, 3)),
    "api-list": Visit("rest_framework", "/api/groups/", (open_filters,), (11, 2, 2)),
    "api-detail": Visit("rest_framework", "/api/groups/1/", (open_raw_data, ask_to_delete), (11, 2, 2)),
    "flask-list": Visit("flask_admin", "/admin/book/", (add_filter, edit_in_place), (23, 4, 4)),
    "flask-form": Visit("flask_admin", "/admin/book/edit/?id=1", (pick_date, choose_author), (18, 2, 2)),
    "swagger": Visit("fastapi", "/docs/file", (try_out,), (2, 2, 2)),
    "swagger-inline": Visit("fastapi", "/docs/inline", (try_out,), (2, 1, 0)),
}


@dataclass(frozen=True)
class Both:
    """A page as it was written and bundled: its looks, at rest and after each act."""

    visit: Visit
    plain: list[Look]
    bundled: list[Look]


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving(SERVERS, tmp_path_factory.mktemp("real")) as urls:
        yield urls


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


def log_in(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.fill("#id_username", USER)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_load_state()
    return page


@pytest.fixture(scope="module")
def librarian(bases: dict[str, str], chromium: Browser) -> StorageState:
    """Return the cookies of somebody who has logged in."""
    with chromium.new_context() as context:
        log_in(context, f"{bases['django']}/admin/login/?next=/admin/")
        return context.storage_state()


@pytest.fixture(scope="module", params=part(list(VISITS), 3))
def both(request: pytest.FixtureRequest, bases: dict[str, str], chromium: Browser, librarian: StorageState) -> Both:
    visit = VISITS[request.param]
    url = bases[visit.site] + visit.path
    state = librarian if visit.path.startswith("/admin/auth/") else None
    plain = looks_at(chromium, as_written(url), visit.acts, state)
    return Both(visit, plain, looks_at(chromium, url, visit.acts, state))


def as_written(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}plain"


def test_there_is_no_console_message_and_no_failed_request(both: Both) -> None:
    plain, bundled = both.plain[0], both.bundled[0]

    assert (plain.console, plain.failed) == ([], [])
    assert (bundled.console, bundled.failed) == ([], [])


def test_every_element_has_the_same_computed_styles(both: Both) -> None:
    looks = list(zip(both.plain, both.bundled, strict=True))
    differences = [[pair for pair in zip_longest(a.styles, b.styles) if pair[0] != pair[1]] for a, b in looks]

    assert len(looks) == 1 + len(both.visit.acts)
    assert all(len(plain.styles) >= 40 for plain, _ in looks)
    assert differences == [[]] * len(looks)


def test_every_pixel_is_the_same(both: Both) -> None:
    looks = zip(both.plain, both.bundled, strict=True)

    assert [differing_pixels(a.picture, b.picture) for a, b in looks] == [0] * len(both.plain)


def test_what_is_done_shows(both: Both) -> None:
    """An act that changed nothing would compare the page at rest once more."""
    before_and_after = zip(both.bundled, both.bundled[1:], strict=False)

    assert all(differing_pixels(a.picture, b.picture) > 0 for a, b in before_and_after)


def test_the_scripts_leave_the_same_globals(both: Both) -> None:
    assert [look.globals for look in both.bundled] == [look.globals for look in both.plain]


def test_the_same_fonts_images_and_answers_are_asked_for(both: Both) -> None:
    assert [re.sub(r"[?&]plain$", "", url) for url in both.plain[0].others] == both.bundled[0].others


def test_there_are_so_many_requests_for_stylesheets_and_scripts(both: Both) -> None:
    plain, bundled = both.plain[0].assets, both.bundled[0].assets
    bundles = [url for url in bundled if "/pressmark/" in url]

    assert (len(plain), len(bundled), len(bundles)) == both.visit.requests
    assert not any("/pressmark/" in url for url in plain)


@pytest.mark.parametrize("form", ["", "&plain"])
def test_the_login_form_lets_the_librarian_in(form: str, bases: dict[str, str], chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = log_in(context, f"{bases['django']}/admin/login/?next=/admin/{form}")

        assert page.url == f"{bases['django']}/admin/"
        assert "librarian" in page.inner_text("#user-tools").lower()


def test_a_file_that_is_made_for_those_who_are_logged_in_stays_one(
    bases: dict[str, str], chromium: Browser, librarian: StorageState
) -> None:
    """The admin's catalogue of translations: who has no cookies is sent to the login."""
    with chromium.new_context(storage_state=librarian) as context:
        page = context.request.get(f"{bases['django']}/admin/auth/user/2/change/?plain=why").text()

    assert '<script src="/admin/jsi18n/"></script>' in page
    assert re.search("/admin/jsi18n/ +stays +answer: is answered by the application with status 302", page)


def test_a_token_in_a_region_that_is_new_in_each_page_changes_no_bundle(bases: dict[str, str]) -> None:
    pages = []
    for _ in range(25):  # inline code that has shown twenty texts would not be bundled any more
        request = urllib.request.Request(f"{bases['rest_framework']}/api/groups/", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as response:
            pages.append(response.read().decode())

    assert len({re.findall('"csrfToken": "(.{64})"', page)[0] for page in pages}) == 25
    assert len({tuple(re.findall(r'"(/pressmark/\w+/\w+\.\w+)"', page)) for page in pages}) == 1
    assert all(page.count('"/pressmark/') == 2 for page in pages)


def test_the_comparison_sees_a_page_that_differs(bases: dict[str, str], chromium: Browser) -> None:
    """The proof can fail: two pages that are not the same do not look so."""
    one, other = (looks_at(chromium, bases["rest_framework"] + path, ())[0] for path in ("/api/", "/api/groups/"))

    assert one.styles != other.styles
    assert one.others != other.others
    assert differing_pixels(one.picture, other.picture) > 0

"""The pages of frameworks: the site that makes each, its address there, and what a visitor does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FrameworkPage:
    """A page as *site* answers *path*; *user* tells whether somebody is logged in. *act* is done once it is at rest.

    *query* is what the page adds to its own address to ask for more.
    """

    site: str
    path: str
    act: str = ""
    user: bool = True
    query: str = ""


def _click(*selectors: str) -> str:
    return "\n".join(f"document.querySelector({selector!r}).click();" for selector in selectors)


def _until(condition: str) -> str:
    return f"while (!({condition})) await new Promise(resolve => setTimeout(resolve, 50));"


# Swagger UI shows the address of the API, which has another port in each form.
NO_ADDRESS = "document.querySelectorAll('.topbar, .swagger-ui .info').forEach(each => each.remove());"

PAGES = {
    "django-login": FrameworkPage("admin", "/admin/login/", user=False),
    "django-index": FrameworkPage("admin", "/admin/", _click(".theme-toggle")),
    "django-changelist": FrameworkPage("admin", "/admin/library/book/", _click("#action-toggle", ".theme-toggle")),
    "django-inlines": FrameworkPage("admin", "/admin/library/book/1/change/", _click(".add-row a", "details summary")),
    "django-maps": FrameworkPage("admin", "/admin/library/branch/1/change/", _click(".add-row a")),
    "django-user": FrameworkPage("admin", "/admin/auth/user/1/change/", _click(".selector-chooseall")),
    "grappelli-changelist": FrameworkPage("grappelli", "/admin/library/book/", _click("#action-toggle")),
    "grappelli-form": FrameworkPage("grappelli", "/admin/library/book/1/change/", _click(".grp-add-handler")),
    "jazzmin-changelist": FrameworkPage("jazzmin", "/admin/library/book/", _click("#action-toggle")),
    "jazzmin-form": FrameworkPage("jazzmin", "/admin/library/book/1/change/", _click(".nav-tabs li:last-child a")),
    "unfold-changelist": FrameworkPage("unfold", "/admin/library/book/"),
    "rest-list": FrameworkPage("rest", "/api/books/", _click("a[name=raw-tab]")),
    "rest-detail": FrameworkPage("rest", "/api/books/1/", _click("[data-target='#deleteModal']")),
    "yasg-swagger": FrameworkPage("rest", "/yasg/", NO_ADDRESS, query="?format=openapi"),
    "spectacular-swagger": FrameworkPage("rest", "/spectacular/"),
    "wagtail-login": FrameworkPage("wagtail", "/cms/login/", user=False),
    "wagtail-home": FrameworkPage("wagtail", "/cms/"),
    "wagtail-explorer": FrameworkPage("wagtail", "/cms/pages/"),
    "wagtail-editor": FrameworkPage(
        "wagtail", "/cms/pages/3/edit/", _until("document.querySelector('[data-w-unsaved-has-edits-value]')")
    ),
    "oscar-shop": FrameworkPage("oscar", "/catalogue/", user=False),
    "oscar-product": FrameworkPage("oscar", "/catalogue/notes_1/", user=False),
    "oscar-dashboard": FrameworkPage("oscar", "/dashboard/catalogue/"),
    "oscar-dashboard-form": FrameworkPage(
        "oscar", "/dashboard/catalogue/products/1/", _until("tinymce.activeEditor?.initialized")
    ),
    "cms-page": FrameworkPage("cms", "/"),
    "cms-tree": FrameworkPage("cms", "/admin/cms/pagecontent/"),
    "flask-list": FrameworkPage("flask", "/admin/book/", _click(".dropdown-toggle")),
    "flask-form": FrameworkPage("flask", "/admin/book/edit/?id=1"),
}
SITES = sorted({page.site for page in PAGES.values()})
PREFIXES = {site: "/admin/static/" if site == "flask" else f"/static/{site}/" for site in SITES}
"""Where the addresses of a site's static files begin."""

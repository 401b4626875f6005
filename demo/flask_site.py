"""The demo's pages made by Flask: our files in the app's static folder, each library's in a blueprint's."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from werkzeug.wrappers import Response

from demo.shared import LIBRARIES, PAGES, STATIC, TEMPLATES, cache_dir, library_dir
from pressmark_flask import Pressmark

app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(STATIC))
app.config["PRESSMARK_CACHE_DIR"] = cache_dir("flask")
app.config["PRESSMARK_DEBUG_TOGGLE"] = "plain"
app.config["PRESSMARK_BUILD_WAIT"] = None  # however slow the machine, the first page is bundled too

for library in LIBRARIES:
    app.register_blueprint(
        Blueprint(library, __name__, static_folder=library_dir(library), static_url_path=f"/{library}")
    )

Pressmark(app)


@app.template_global()
def asset(library: str, path: str) -> str:
    """Return the URL of a library's static file."""
    return url_for("static" if library == "demo" else f"{library}.static", filename=path)


@app.get("/")
def home() -> Response:
    """Return a redirect to the first page."""
    return redirect(url_for("page", name="starter"))


@app.get(f"/<any({', '.join(PAGES)}):name>/")
def page(name: str) -> str:
    """Return the page of that name."""
    return render_template(f"{name}.html")

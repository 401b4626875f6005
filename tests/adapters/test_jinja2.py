"""The tag in Jinja writes markers, by itself and in Flask, Starlette and Django."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import Environment, TemplateSyntaxError
from starlette.templating import Jinja2Templates

from pressmark_flask import Pressmark
from pressmark_jinja2 import CompressExtension
from tests.site import TAG

ENVIRONMENT = Environment(extensions=[CompressExtension], autoescape=True)


@pytest.mark.parametrize(
    ("tag", "marker"),
    [
        ("css", "compress css"),
        ("'css'", "compress css"),
        ("js, inline", "compress js inline"),
        ("'js', 'preload', 'my-name'", "compress js preload my-name"),
        ("css file main", "compress css file main"),
        ("css main", "compress css main"),
    ],
)
def test_a_tag_is_a_pair_of_markers(tag: str, marker: str) -> None:
    template = ENVIRONMENT.from_string(f"{{% compress {tag} %}}a{{{{ '<' }}}}{{% endcompress %}}b")

    assert template.render() == f"<!-- {marker} -->a&lt;<!-- endcompress -->b"


def test_the_end_may_name_its_kind_and_white_space_be_cut() -> None:
    template = ENVIRONMENT.from_string("x {%- compress js -%} a {%- endcompress js -%} y")

    assert template.render() == "x<!-- compress js -->a<!-- endcompress -->y"


def test_loops_and_blocks_stand_inside_and_around() -> None:
    text = "{% block head %}{% compress js %}{% for n in names %}[{{ n }}]{% endfor %}{% endcompress %}{% endblock %}"

    assert ENVIRONMENT.from_string(text).render(names="ab") == "<!-- compress js -->[a][b]<!-- endcompress -->"


def test_without_a_request_the_tag_calls_the_function_of_its_environment() -> None:
    environment = Environment(extensions=[CompressExtension], autoescape=True)
    environment.globals["bundle_html"] = str.upper
    template = environment.from_string("{% compress css inline %}{{ '<' }}b{% endcompress %}<p>")

    assert template.render() == "<!-- COMPRESS CSS INLINE -->&LT;B<!-- ENDCOMPRESS --><p>"
    assert template.render(request=object()) == "<!-- compress css inline -->&lt;b<!-- endcompress --><p>"


def test_a_mail_of_flask_holds_its_styles(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a { color: red }")
    app = Flask("site", root_path=str(tmp_path))
    app.config["PRESSMARK_CACHE_DIR"] = tmp_path / "cache"
    pressmark = Pressmark(app)
    text = "{% compress css inline %}<link rel=stylesheet href=/static/a.css>{% endcompress %}"
    app.add_url_rule("/", view_func=lambda: pressmark.bundle_html(render_template_string(text)).replace("<", "["))

    with app.app_context():
        assert render_template_string(text) == "<style>a{color:red}</style>"
    assert app.test_client().get("/").text == "[style>a{color:red}[/style>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n{% compress %}{% endcompress %}", "it must be css or js"),
        ("\n{% compress css 1 %}{% endcompress %}", "compress takes words, and 1 is none"),
        ("\n{% compress css file a b %}{% endcompress %}", "it takes a kind, a mode, trust and a name"),
        ("\n{% compress css %}{% endcompress js %}", "it ends a region of css"),
    ],
)
def test_a_wrong_tag_is_an_error_of_its_line(text: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=message) as raised:
        ENVIRONMENT.from_string(text)

    assert raised.value.lineno == 2


def test_a_tag_without_an_end_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="endcompress"):
        ENVIRONMENT.from_string("{% compress css %}")


@pytest.mark.parametrize("is_late", [False, True], ids=["before its templates", "after its templates"])
def test_a_flask_application_has_the_tag(tmp_path: Path, is_late: bool) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a { color: red }")
    app = Flask("site", root_path=str(tmp_path))
    app.config["PRESSMARK_CACHE_DIR"] = tmp_path / "cache"
    if is_late:
        assert app.jinja_env
    Pressmark(app)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True}
    text = "{% compress css %}<link rel=stylesheet href=\"{{ url_for('static', filename='a.css') }}\">{% endcompress %}"
    app.add_url_rule("/", view_func=lambda: render_template_string(text))

    assert len(TAG.findall(app.test_client().get("/").data)) == 1
    assert app.jinja_env.trim_blocks is not is_late


def test_djangos_own_jinja_takes_it_by_its_name() -> None:
    from django.template.backends.jinja2 import Jinja2  # noqa: PLC0415

    from tests.adapters import django_project  # noqa: PLC0415

    django_project.configure()
    options = {"extensions": ["pressmark_jinja2.CompressExtension"]}
    engine = Jinja2({"NAME": "jinja2", "DIRS": [], "APP_DIRS": False, "OPTIONS": options})

    assert engine.from_string("{% compress css %}{% endcompress %}").render() == (
        "<!-- compress css --><!-- endcompress -->"
    )


def test_starlettes_templates_take_it() -> None:
    templates = Jinja2Templates(env=Environment(extensions=[CompressExtension]))

    assert "<!-- compress js -->" in templates.env.from_string("{% compress js %}{% endcompress %}").render()

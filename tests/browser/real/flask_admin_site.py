"""Flask-Admin on a database of its own, its media in regions: a WSGI application for any server."""

from datetime import date
from pathlib import Path

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.theme import Bootstrap4Theme
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)

from demo.shared import cache_dir
from pressmark_flask import Pressmark

HERE = Path(__file__).parent


class Base(DeclarativeBase):
    """The tables."""


class Author(Base):
    """Somebody who writes."""

    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return self.name


class Book(Base):
    """Something written: its form has a date picker and a select2 field."""

    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    published: Mapped[date]
    is_lent: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship()


class BookView(ModelView):
    """The list with filters, search and cells that can be edited in place."""

    list_template = "library_list.html"
    edit_template = "library_edit.html"
    column_filters = ("title", "published", "is_lent")
    column_searchable_list = ("title",)
    column_editable_list = ("title",)


def _session() -> "scoped_session[Session]":
    engine = create_engine(f"sqlite:///{cache_dir('flask_admin')}.sqlite3")
    Base.metadata.create_all(engine)
    session = scoped_session(sessionmaker(engine))
    ada, grace = Author(name="Ada"), Author(name="Grace")
    session.add_all(
        [
            Book(title="Notes on the engine", published=date(2020, 2, 14), is_lent=True, author=ada),
            Book(title="The education of a computer", published=date(2020, 5, 2), is_lent=False, author=grace),
        ]
    )
    session.commit()
    session.remove()
    return session


app = Flask(__name__, template_folder=str(HERE / "templates" / "flask"), static_folder=None)
app.config["SECRET_KEY"] = "unused: the site lives for one test run"
app.config["PRESSMARK_CACHE_DIR"] = cache_dir("flask_admin")
app.config["PRESSMARK_DEBUG_TOGGLE"] = "plain"
app.config["PRESSMARK_BUILD_WAIT"] = None
Pressmark(app)
admin = Admin(app, name="Library", theme=Bootstrap4Theme(base_template="library.html"))
admin.add_view(BookView(Book, _session()))


@app.get("/favicon.ico")
def no_icon() -> tuple[str, int]:
    """Answer Chromium, which asks for an icon and complains of a missing one."""
    return "", 204

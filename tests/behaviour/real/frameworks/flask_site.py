"""Keeps the pages of Flask-Admin: ``python -m tests.behaviour.real.frameworks.flask_site flask FOLDER``."""

import shutil
import sys
from datetime import date
from pathlib import Path

import flask_admin
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.theme import Bootstrap4Theme
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, scoped_session, sessionmaker

from tests.behaviour.real.frameworks.keeping import keep


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
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship()


class BookView(ModelView):
    """The list with filters, search and cells that can be edited in place."""

    column_filters = ("title", "published")
    column_searchable_list = ("title",)
    column_editable_list = ("title",)


def main(site: str, folder: Path) -> None:
    """Keep the site's pages in *folder*."""
    engine = create_engine(f"sqlite:///{folder / 'site.sqlite3'}")
    Base.metadata.create_all(engine)
    session: scoped_session[Session] = scoped_session(sessionmaker(engine))
    for name, title in (("Ada", "Notes"), ("Grace", "Compilers")):
        session.add(Book(title=title, published=date(2026, 2, 14), author=Author(name=name)))
    session.commit()
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = "unused: the site answers itself alone"
    Admin(app, name="Library", theme=Bootstrap4Theme()).add_view(BookView(Book, session))
    client = app.test_client()

    def ask(path: str) -> tuple[int, str, bytes]:
        answer = client.get(path)
        return answer.status_code, answer.content_type, answer.data

    keep(site, folder, lambda _: ask)
    shutil.copytree(Path(flask_admin.__file__).with_name("static"), folder / "static")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

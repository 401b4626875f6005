"""Fills pretix's database with an organizer, whose event sells tickets, and somebody who may log in."""

from datetime import UTC, datetime

import django

django.setup()

from django_scopes import scopes_disabled  # noqa: E402  # models are there from here on
from pretix.base.models import Event, Organizer, Team, User  # noqa: E402

with scopes_disabled():
    library = Organizer.objects.create(name="Library", slug="library")
    reading = Event.objects.create(
        organizer=library,
        name="Reading",
        slug="reading",
        live=True,
        currency="EUR",
        date_from=datetime(2030, 5, 2, 18, tzinfo=UTC),
        plugins="pretix.plugins.banktransfer",
    )
    seats = reading.quotas.create(name="Seats", size=50)
    seats.items.add(reading.items.create(name="Seat", default_price=12))
    staff = Team.objects.create(
        organizer=library, name="Staff", all_events=True, all_event_permissions=True, all_organizer_permissions=True
    )
    staff.members.add(User.objects.create_user("librarian@example.org", "correct horse"))

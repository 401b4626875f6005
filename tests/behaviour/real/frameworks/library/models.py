"""What the sites are about: books, those who write them, and who has borrowed them."""

from django.db import models


class Author(models.Model):
    """Somebody who writes."""

    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(self.name)


class Branch(models.Model):
    """A house with books, somewhere on the map."""

    name = models.CharField(max_length=80)
    place = models.CharField(max_length=40, default="48.14,11.57")

    def __str__(self) -> str:
        return str(self.name)


class Book(models.Model):
    """Something written."""

    title = models.CharField(max_length=80)
    slug = models.SlugField()
    author = models.ForeignKey(Author, models.CASCADE)
    branches = models.ManyToManyField(Branch, blank=True)
    published = models.DateField()
    is_lent = models.BooleanField(default=False)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.title)


class Loan(models.Model):
    """A book that somebody has taken home."""

    book = models.ForeignKey(Book, models.CASCADE)
    reader = models.CharField(max_length=80)
    taken = models.DateTimeField()


class Event(models.Model):
    """A reading somewhere."""

    branch = models.ForeignKey(Branch, models.CASCADE)
    title = models.CharField(max_length=80)
    place = models.CharField(max_length=40, default="48.15,11.58")

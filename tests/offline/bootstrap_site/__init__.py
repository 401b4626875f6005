"""A Django project with pages of Bootstrap, for machines that build and machines that serve."""

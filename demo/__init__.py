"""Pressmark's demo: the same two pages made by Django, Flask and Starlette, served by one process."""

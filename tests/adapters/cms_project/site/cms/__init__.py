"""A small content management system."""

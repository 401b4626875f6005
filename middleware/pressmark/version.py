"""The version, which is a part of every recipe: another version may build other bundles."""

VERSION = "0.1.0"

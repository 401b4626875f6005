"""The version, which is a part of every recipe: another version may cook otherwise."""

VERSION = "0.1.0"

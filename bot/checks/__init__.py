"""Rules that a draft must keep, one pure rule per file, found by name (`discover.py`)."""

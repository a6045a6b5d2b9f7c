"""What we claim about speed and quality, and how to measure it again: `make bench`, or `python -m bench.<name>`."""

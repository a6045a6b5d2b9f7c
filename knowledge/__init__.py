"""What the brand knows about itself: its `brand.toml`, its guidelines, and the search over them. Stands alone."""

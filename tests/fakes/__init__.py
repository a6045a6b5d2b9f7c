"""Hand-written fakes: they behave, and record what was asked of them."""

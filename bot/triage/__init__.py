"""The fast local classifier: what a comment is, without a model. A later issue trains it; this one reads pages."""

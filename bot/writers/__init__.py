"""Those who put the words: the playbook writer (no model), and later any chat model."""

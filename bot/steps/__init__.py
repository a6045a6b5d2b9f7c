"""The path of a message, one verb per file, in this order: route, triage, retrieve, draft, check, submit."""

"""The words of the product (request, triage, draft, finding, decision, outcome) as typed values. No I/O."""

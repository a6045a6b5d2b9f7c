"""What people's edits teach: the diff, the habits in it, the rules they become. Pure; the ledger keeps, people decide."""

"""Where the team talks to Bonton. A front-end translates, and decides nothing; front-ends do not know each other."""

"""`python -m bot` is `bonton`."""

from bot.cli import main

main()

"""The pages Bonton speaks from (see README.md in this folder). Data only: `bot.pages` reads them."""

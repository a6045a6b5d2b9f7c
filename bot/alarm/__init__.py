"""Bad buzz or noise? A brand's mentions against the same hours of its past weeks.

Pure: series in, episodes out. Where the counts come from is `bot/watch.py`; whom to tell, `bot/herald.py`; how it is said, the flows.
"""

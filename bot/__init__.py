"""Bonton: drafts in the tone of each network, checked by code, released by people."""

"""Webhooks: events sent to addresses that people gave, signed, and tried again until they are taken.

hooks.py     the addresses, and what has still to be delivered to each; one SQLite file
events.py    what they are told of, and who may hear it
signing.py   signatures, as of standardwebhooks.com
address.py   where a webhook may go
delivery.py  the sending: again and again, ever more seldom
"""

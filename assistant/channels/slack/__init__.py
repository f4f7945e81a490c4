"""Slack, by Bolt: mentions, direct messages, the assistant pane, a command, a shortcut, the home tab.

settings.py  the app's secrets; which of them are set says how Slack reaches the server
app.py       what Slack tells, and who sees to it
talk.py      a question in a conversation: who asks, what is posted for it
blocks.py    an Answer in Block Kit
home.py      the home tab, as it looks
at_home.py   what happens on it
digests.py   what is unusual, every morning
shown.py     what was shown, for the buttons below it
routes.py    the addresses that Slack calls, or the socket that is kept open to it
mount.py     whether the channel is on, and what is wrong where it is not
"""

"""The served demo asked through every channel: are the figures the same in each, and does it hold when many ask?

slack_server.py   a loopback server that acts as Slack
twilio_server.py  a loopback server that acts as Twilio
reached.py        the served demo, with a person whom every channel knows
said.py           what a channel said, and the figures in it
spoken.py         spoken numbers, read back
api.py            asking over REST, server-sent events, GraphQL and MCP
web.py            asking in the web chat, by its socket
slack.py          asking in Slack
texting.py        asking by SMS and WhatsApp
phone.py          asking on the phone: by turns, and over a socket
same.py           whether the figures are the same in every channel
load.py           many conversations at once, over all of them
"""

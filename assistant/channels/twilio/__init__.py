"""SMS, WhatsApp and the phone, by Twilio.

settings.py     the account's id and token; with them, the channels are on
client.py       Twilio's REST API where it is
routes.py       the addresses that Twilio calls
signature.py    whether a request is Twilio's
texting.py      a conversation by text message: who asks, what for, what is sent back
commands.py     what a text message asks for: STOP, LINK, MORE, a number, or a question
pages.py        an Answer as SMS and as WhatsApp say it
segments.py     how many SMS a text takes
attachments.py  files that are sent in
numbers.py      what is kept of a phone number
lists.py        lists to choose from, on WhatsApp
outbox.py       messages that go out
call.py         a phone call: what is heard, what is said to it
voice.py        calls that are heard turn by turn
relay.py        calls over a socket, which can be interrupted
spoken.py       an Answer as it is said
sounds.py       names as they are misheard
"""

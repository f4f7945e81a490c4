"""The web chat: Chainlit, served by our own FastAPI app.

site.py   makes Chainlit's folder, imports it and mounts it; serves the page's own files
chat.py   the conversation: what happens when a person writes, uploads, resumes, or presses a thumb
card.py   an Answer as the properties of the page's AnswerCard
login.py  logging in with a password
switch.py which workspace is asked
files.py  downloads of results, and of what was uploaded
public/   what the browser loads: AnswerCard.jsx, parley.js, parley.css, icons, the service worker
"""

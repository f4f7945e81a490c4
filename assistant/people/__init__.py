"""People: who asks, how that is known, what they may do, and what is written down about it.

    person.py      Person, and what each role may do
    database.py    the SQLite file that all of it is kept in
    directory.py   the people themselves: added, found, changed, taken out
    passwords.py   passwords (argon2)
    keys.py        API keys: shown once, kept as a hash, with scopes and an end
    tokens.py      JWTs, good for an hour
    identities.py  the names that channels know people by (a Slack user, a phone number), linked by one-time codes
    oidc.py        sign-in with an OpenID provider
    door.py        any of these -> the Person, or nobody
    limits.py      how often somebody may ask
    cli.py         `parley people`, `parley keys`, `parley audit`
    workspace_cli.py   `parley workspaces`
    audit.py       what was done, by whom; appended to, never changed

Where there are no people, whoever sits at the machine is its owner, and none of this asks anything of them.
"""

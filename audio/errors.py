"""What the commands tell a person, and give up with exit status 2.

    UnusableInput       one sentence that says what to do; each command maps what it can't help to it
"""


class UnusableInput(Exception):
    """Something given by the user that can't be used."""

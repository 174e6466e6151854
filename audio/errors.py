"""What the commands tell a person before they give up with exit status 2: `UnusableInput`."""


class UnusableInput(Exception):
    """Something that only the person can mend; the message is one sentence that says how."""

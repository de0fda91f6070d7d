"""The question who wrote a message: what the door, a trusted server or its signatures say. It must never decide what
is then done."""

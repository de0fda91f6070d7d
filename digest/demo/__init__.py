"""The rehearsal: invented members, a mailbox page, a clock to move.

It stands beside the commands and never inside a room.
"""

"""The path out, a stage after the other: due, facts, compose (form), sign, outbox, lease, deliver, transports. It never
meets `inbound` or `web`.
"""

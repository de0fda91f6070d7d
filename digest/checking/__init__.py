"""What `digest check` and the operator's page tell (looks), the test of the way out and back (round_trip), and the look
that is taken every minute (watch, canary). It must never change anything that members see, nor show a secret.
"""

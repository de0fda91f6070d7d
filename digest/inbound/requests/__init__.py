"""What the providers read their requests with: forms, signatures, passwords, tokens. It must never name a provider,
but for the signed notices of Amazon SNS, which are a form of their own."""

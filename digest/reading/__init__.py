"""How a reply is read, a folder a stage: mime, visible, written, meaning.

Pure functions with small values between them: no database, no clock, no web. Machines are told from people by
`screening`; `meaning.interpret` goes the whole way.
"""

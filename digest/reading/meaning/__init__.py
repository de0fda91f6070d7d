"""From newly written words to what they mean: the parts of an entry, an answer, a command, thanks.

`interpret` goes the whole way, `intent` holds the order of the rules, `reading` is what comes out. The rooms below
them know only what is further down: answers, entry -> preparing, commands -> labels -> sentences.
"""

"""From visible lines to the words that somebody newly wrote: quotations, signatures and footers are told apart.

`reply_text` goes the whole way: `quotation` labels each line (history), `sent_text` finds what is ours, and what is
left falls into the parts of a letter (letter).
"""

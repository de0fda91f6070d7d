"""From visible lines to the words that somebody newly wrote: quotations, signatures and footers are told apart."""

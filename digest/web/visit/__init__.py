"""What those pages share: the way from a link to its visitor, and what a page asks or takes before it acts."""

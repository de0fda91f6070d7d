"""People, the groups that they are in, what a group does each week, and the mails that a member is owed."""

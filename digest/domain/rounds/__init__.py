"""The weeks of a group: its rounds, what each member wrote in one, and how many mails a week bears."""

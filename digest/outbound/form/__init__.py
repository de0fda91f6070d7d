"""The form of a mail, whatever it says: header, bodies, links that begin a mail, and where long words are cut."""

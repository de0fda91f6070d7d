"""From raw bytes to a message: header fields, body, files. Nothing here knows what a reply is."""

"""What a reply of a member brings in, and what she changes or takes back of it later."""

"""The filing of a reply, a file for each thing that its writer may have wanted. It must never read mail."""

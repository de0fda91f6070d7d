"""The real parts that tests run against: databases, servers of mail and web, a browser. Nothing here is a test."""

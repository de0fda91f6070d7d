"""The pages behind links, one resource a file: GET shows, POST acts. It never meets `inbound` or `outbound`."""

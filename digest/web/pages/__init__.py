"""The pages behind the links of mails, one resource a file: GET shows, POST acts."""

"""What a group lives through: its weeks, its questions and answers, and the words by which members change things."""

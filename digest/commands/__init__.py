"""What the commands do and how their words become values; `cli` names them. Nothing below the commands knows them."""

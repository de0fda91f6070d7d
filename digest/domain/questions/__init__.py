"""The life of a question: asked, going round, helped and answered, growing old, closed. The verbs follow one table."""

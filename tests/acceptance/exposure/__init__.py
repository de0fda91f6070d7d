"""Nobody is exposed: not who asked without a name, nor by a forwarded or a forged mail, nor in the log."""

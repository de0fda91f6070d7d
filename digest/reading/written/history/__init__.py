"""What mail clients write around quoted messages, in the words of all languages: attributions, header blocks, lines."""

"""Text, spans and labels: corpus, codebook, articles, sentences, records, and how they are read and written."""

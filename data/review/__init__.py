"""The review queue: which sentences a person should look at, how they are shown, and what comes back."""

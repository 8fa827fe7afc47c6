"""Who speaks: names, mentions, groups and quotations, resolved within the article."""

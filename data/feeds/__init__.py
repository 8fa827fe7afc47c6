"""Articles from RSS, Atom, OPML and HTML, fetched with manners and without trust."""

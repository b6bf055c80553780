"""overlay shows: the server, the browser sources and their sockets, widgets and pages."""

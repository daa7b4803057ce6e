"""The fake providers proved one by one, with real clients and bare sockets."""

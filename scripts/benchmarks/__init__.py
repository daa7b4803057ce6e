"""What scripts/bench measures: one file per figure, each beside a raw baseline of the same run."""

# Key on the command line -> what is measured; the file of each is in one.py.
FIGURES = {
    "a": "open sockets and echo", "b": "inbound lines", "c": "answers", "d": "retrieval", "e": "lists",
    "f": "idle memory", "g": "widget sizes", "h": "start-up", "i": "access",
}

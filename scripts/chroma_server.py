"""`chroma run` without its banner and request log: python -m scripts.chroma_server --path DIR --host H --port N.

The chroma command itself imports the whole client (and `requests`, which nothing else here needs); the server is in
the Rust module alone, starts in half a second and takes 40 MB.
"""

import os
import sys


def main(arguments: list[str]) -> None:
    # Its log names every collection at INFO. The variable is read by the server's own code.
    os.environ.setdefault("RUST_LOG", "warn")
    import chromadb_rust_bindings

    chromadb_rust_bindings.cli(["chroma", "run", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])

"""`python -m sarai` is the command `sarai`."""

from sarai.cli import main

if __name__ == "__main__":
    main()

"""`python -m bedrot` is the command `bedrot`."""

from bedrot.cli.main import main

if __name__ == "__main__":
    main()

"""``python -m optmix`` is the program ``optmix``."""

from optmix.cli.app import main

if __name__ == "__main__":
    main()

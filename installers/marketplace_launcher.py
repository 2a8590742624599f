"""Entry point of the packaged marketplace."""

import os
import sys

from system.packaged import restore_environment

if __name__ == "__main__":
    restore_environment(os.environ)
    from marketplace.cli import main

    sys.exit(main())

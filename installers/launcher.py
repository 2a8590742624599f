"""Entry point of the packaged client, and of its helper processes."""

import os
import sys

from system.packaged import restore_environment

if __name__ == "__main__":
    restore_environment(os.environ)
    from ui.cli.main import main

    sys.exit(main())

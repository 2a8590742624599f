"""Brings a bare machine to the state in which `make run` or `make test` can work; quick after that.

This file is read by whatever `python3` there is, so it stays within what an old one understands and
only checks the version; the work is in `system_packages`, `environment` and `npm_packages`, by the
standard library only.
Rules kept by them:

- system packages are installed by name, after saying which and why; a person at a terminal who is
  not root is asked first, nobody else is;
- Python packages come only from the locks in requirements/, each file checked by its SHA-256;
- npm packages, which only tests use, come only from tests/interop/package-lock.json;
- the virtual environment belongs to this project: nothing of Python's is installed anywhere else;
- the second time costs well under three seconds, and still looks whether all is really there.

Usage, from the project's root: python3 -m scripts.dev.setup run|test|lock|upgrade
"""

import sys

OLDEST = (3, 11)
TASKS = ("run", "test", "lock", "upgrade")


def main(arguments):  # type: ignore[no-untyped-def]
    """Set up for one task and return the exit status."""
    if sys.version_info < OLDEST:
        print("setup: Python %d.%d or newer is missing" % OLDEST, file=sys.stderr)  # noqa: UP031
        return 1
    if len(arguments) != 1 or arguments[0] not in TASKS:
        print("usage: python3 -m scripts.dev.setup " + "|".join(TASKS), file=sys.stderr)
        return 2
    from scripts.dev import environment, npm_packages, system_packages
    from scripts.dev.console import SetupError

    task = arguments[0]
    level = "run" if task == "run" else "test"
    try:
        system_packages.bring(level)
        with environment.alone():
            if task in ("lock", "upgrade"):
                environment.lock(upgrade=task == "upgrade")
            environment.bring(level)
            if task in ("lock", "upgrade"):
                npm_packages.lock(upgrade=task == "upgrade")
            if level == "test":
                npm_packages.bring()
    except SetupError as error:
        print("setup: " + str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; start again whenever you like", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))  # type: ignore[no-untyped-call]

"""Prepares a bare machine for `make run` or `make test`; fast when nothing is missing.

Any `python3` must be able to parse this file, so it only checks the version. The work is in
`system_packages`, `environment` and `npm_packages`, with the standard library only.
Rules kept by them:

- system packages are installed by name, after printing their names and reasons; a user at a
  terminal who is not root is asked first;
- Python packages come only from the locks in requirements/, each file checked by its SHA-256;
- npm packages, which only tests use, come only from tests/interop/package-lock.json;
- Python packages are installed only in the project's virtual environment;
- a second run takes well under three seconds, and still checks that everything is installed.

Usage, from the project's root:

    python3 -m scripts.dev.setup run|test|engines|installers|lock|upgrade
"""

import sys

OLDEST = (3, 11)
TASKS = ("run", "test", "engines", "installers", "lock", "upgrade")


def main(arguments):  # type: ignore[no-untyped-def]
    """Set up for one task; returns the exit status."""
    if sys.version_info < OLDEST:
        print("setup: Python %d.%d or newer is required" % OLDEST, file=sys.stderr)  # noqa: UP031
        return 1
    if len(arguments) != 1 or arguments[0] not in TASKS:
        print("usage: python3 -m scripts.dev.setup " + "|".join(TASKS), file=sys.stderr)
        return 2
    from scripts.dev import environment, npm_packages, system_packages
    from scripts.dev.console import SetupError

    task = arguments[0]
    level = "run" if task in ("run", "installers") else "test"
    try:
        system_packages.install(task if task in ("engines", "installers") else level)
        with environment.exclusive():
            if task in ("lock", "upgrade"):
                environment.lock(upgrade=task == "upgrade")
            environment.install(level)
            if task in ("lock", "upgrade"):
                npm_packages.lock(upgrade=task == "upgrade")
            if level == "test":
                npm_packages.install()
                environment.install_interop()
    except SetupError as error:
        print("setup: " + str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; run it again to continue", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))  # type: ignore[no-untyped-call]

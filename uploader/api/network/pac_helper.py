"""Runs a proxy script (PAC) in a separate process, which the caller kills after a time limit.

The helper reads one JSON object from its standard input. It writes the proxies as a JSON list, or
an error as a JSON string. The script cannot read the user's environment variables.
"""

from __future__ import annotations

import json
import os
import sys
import warnings

#: Bytes of memory for a script, where the system can limit it.
MOST_MEMORY = 1 << 30


def main() -> int:
    """Answer one call; returns the exit status."""
    call = json.load(sys.stdin.buffer)
    # The JavaScript interpreter would pass them to the script.
    os.environ.clear()
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    print(json.dumps(_proxies(call["script"], call["url"], call["host"])))  # noqa: T201
    return 0


def _proxies(script: str, url: str, host: str) -> list[str] | str:
    from dukpy import JSRuntimeError
    from pypac.parser import MalformedPacError, PACFile, parse_pac_value

    warnings.simplefilter("ignore")
    try:
        found = parse_pac_value(PACFile(script).find_proxy_for_url(url, host))
        return [str(each) for each in found]
    except (MalformedPacError, JSRuntimeError):
        return "an error in the script"
    # The functions of PAC raise errors of any type when a script passes wrong arguments.
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


if __name__ == "__main__":
    sys.exit(main())

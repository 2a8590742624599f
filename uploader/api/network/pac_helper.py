"""Runs a proxy script (PAC) in a process of its own, which the program ends if it takes too long.

It reads one JSON object from its standard input and writes the proxies as a JSON list, or the
reason why there are none as a JSON text. The script gets no environment variable of the user.
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
    # The interpreter would give them to the script.
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
    # The functions that a script calls raise errors of any type for wrong arguments.
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


if __name__ == "__main__":
    sys.exit(main())

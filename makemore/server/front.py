"""Writes the configuration of an nginx before several servers: `python -m makemore.server.front 8501 8502`.

Starts nothing. What nginx does with a visitor is said in nginx.conf, whose names in capitals are filled in.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

TEMPLATE = Path(__file__).with_name("nginx.conf")
LISTEN = "127.0.0.1:8500"
FAILS = "max_fails=3 fail_timeout=10s"
KEPT = 16  # open connections to each server that wait for the next request
START = "nginx -p FOLDER -c nginx.conf -g 'daemon off;'"
_ADDRESS = re.compile(r"(\d[\d.]+|\[[\dA-Fa-f:.]+\]):(\d{1,5})")


def configuration(servers: Sequence[str], *, listen: str = LISTEN) -> str:
    """The text for nginx: `servers` and `listen` are `10.0.0.2:8501`, or a port of the loopback.

    Raises ValueError for an address that is none, and for none at all or one that is there twice.
    """
    addresses = [checked(each) for each in servers]
    if not addresses or len(set(addresses)) < len(addresses):
        raise ValueError("name each server once, and one at least, as in `8501 8502`")
    numbered = dict(enumerate(addresses, 1))
    filled = {
        "UPSTREAMS": "\n".join([_every(addresses), *(_group(n, addresses) for n in numbered)]),
        "GROUPS": "\n".join(f'        "{n}" server_{n};' for n in numbered),
        "NUMBERS": "\n".join(
            f'        "~(^|[ ,]){re.escape(each)}$" {n};' for n, each in numbered.items()
        ),
        "LISTEN": checked(listen),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


def checked(address: str) -> str:
    """Number of a machine and port. No name: nginx tells by number who has answered. Raises ValueError."""
    whole = f"127.0.0.1:{address}" if address.isdecimal() else address
    try:
        found = _ADDRESS.fullmatch(whole)
        if found and 0 < int(found[2]) < 65536 and ip_address(found[1].strip("[]")):
            return whole
    except ValueError:
        pass
    raise ValueError(f"{address!r} is no address; write 8501, or 10.0.0.2:8501")


def _every(addresses: Sequence[str]) -> str:
    """For visitors who come new: each in turn."""
    return _upstream("every", [f"server {each} {FAILS};" for each in addresses])


def _group(number: int, addresses: Sequence[str]) -> str:
    """For those of one server; the others stand by."""
    first = f"server {addresses[number - 1]} {FAILS};"
    rest = [each for n, each in enumerate(addresses, 1) if n != number]
    return _upstream(f"server_{number}", [first, *(f"server {a} backup {FAILS};" for a in rest)])


def _upstream(name: str, lines: Sequence[str]) -> str:
    inside = "\n".join(f"        {line}" for line in [*lines, f"keepalive {KEPT};"])
    return f"    upstream {name} {{\n{inside}\n    }}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the configuration, and to stderr how to start nginx with it."""
    parser = argparse.ArgumentParser(prog="python -m makemore.server.front", description=__doc__)
    parser.add_argument("servers", nargs="+", help="a port of this machine each, or 10.0.0.2:8501")
    parser.add_argument("--listen", default=LISTEN, help=f"where visitors come ({LISTEN})")
    args = parser.parse_args(arguments)
    try:
        text = configuration(args.servers, listen=args.listen)
    except ValueError as error:
        parser.error(str(error))
    print(text, end="")
    print(f"Keep this as nginx.conf in a folder of its own, then: {START}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What every benchmark can be asked on its command line, so that one size means the same to all of them."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

LARGE, HUGE = 1_000_000, 10_000_000
ALL_SIZES = (1_000, 10_000, 100_000, LARGE)

_UNITS = {"": 1, "k": 1_000, "M": 1_000_000}
_SIZE = re.compile(r"([1-9][0-9_]*)([kM]?)")


def benchmark_parser(name: str, description: str | None, *, sizes: Sequence[int], of: str = "assets") -> ArgumentParser:
    """A parser with `--sizes`, `--quick`, `--huge` and `--check`; `sizes` are the ones without any of them."""
    parser = ArgumentParser(prog=f"python -m benchmarks {name}", description=description)
    usual = ",".join(map(shortened, sizes))
    parser.add_argument("--sizes", type=_sizes, metavar="N,N…", help=f"how many {of}, e.g. 1k,10000 (default {usual})")
    parser.add_argument("--quick", action="store_true", help=f"leave out sizes from {shortened(LARGE)} on")
    parser.add_argument("--huge", action="store_true", help=f"{shortened(HUGE)} as well")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.set_defaults(usual=list(sizes))
    return parser


def parsed(parser: ArgumentParser, arguments: Sequence[str] | None) -> Namespace:
    """The options, `sizes` worked out; a whole number below 1 is a usage error."""
    options = parser.parse_args(arguments)
    for name, value in vars(options).items():
        if isinstance(value, int) and not isinstance(value, bool) and value < 1:
            parser.error(f"--{name} is at least 1")
    sizes = options.sizes or options.usual
    if options.quick:
        sizes = [size for size in sizes if size < LARGE]
    options.sizes = [*sizes, *([HUGE] if options.huge and HUGE not in sizes else [])]
    if not options.sizes:
        parser.error("--quick leaves no size")
    return options


def shortened(size: int) -> str:
    """A size as people write it: 1k, 250k, 1M."""
    for unit, factor in reversed(_UNITS.items()):
        if size % factor == 0:
            return f"{size // factor}{unit}"
    return str(size)


def _sizes(text: str) -> list[int]:
    found = [_SIZE.fullmatch(part.strip()) for part in text.split(",")]
    if None in found:
        raise ArgumentTypeError(f"{text!r} are no sizes; write 1000,10k,1M")
    return [int(match[1]) * _UNITS[match[2]] for match in found if match]

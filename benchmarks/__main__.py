"""`python -m benchmarks` lists the benchmarks; `python -m benchmarks NAME [OPTIONS]` runs one."""

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import benchmarks

USAGE_ERROR = 2


def found() -> dict[str, ModuleType]:
    """Name → module of every benchmark, in alphabetical order."""
    names = sorted(info.name for info in iter_modules(benchmarks.__path__) if not info.name.startswith("_"))
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: module for name, module in modules.items() if callable(getattr(module, "main", None))}


def main(arguments: Sequence[str]) -> int:
    """List or run; the exit code of the benchmark, or 2 where there is none of this name."""
    known = found()
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("usage: python -m benchmarks NAME [OPTIONS]; NAME --help tells the options\n")
        for name, module in known.items():
            print(f"  {name:<12} {(module.__doc__ or '').splitlines()[0]}")
        return 0
    name, *options = arguments
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
        print(f"no benchmark is called {name!r}; {hint}", file=sys.stderr)
        return USAGE_ERROR
    run: Callable[[Sequence[str]], int] = known[name].main
    return run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

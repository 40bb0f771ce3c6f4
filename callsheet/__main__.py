"""The `callsheet` program. `--version` answers before anything heavy is loaded."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from callsheet import __version__  # noqa: PLC0415  # first output within a blink

        sys.stdout.write(f"callsheet {__version__}\n")
        return
    try:
        from callsheet.cli.app import run  # noqa: PLC0415  # see above

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()

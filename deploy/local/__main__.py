"""`python -m deploy.local`: everything on this machine, until Ctrl-C."""

import sys

from deploy.local.python_version import too_old


def main() -> None:
    """Run the house; the exit code is 0 after Ctrl-C and otherwise one of `stopped.Reason`."""
    if sentence := too_old(sys.version_info[:2]):
        sys.stderr.write(f"{sentence}\n")
        sys.exit(3)
    # Only now: an older Python could not even read it.
    from deploy.local.run import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)

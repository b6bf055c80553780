"""The command line `giftcast`."""

import signal


def main() -> None:
    """Run it. Ctrl-C while it is still being loaded is an end, and no fault with a traceback."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot.cli import app  # noqa: PLC0415 - what takes long to load

    if usual:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    app()


if __name__ == "__main__":
    main()

"""The command line `giftcast`."""

from bot.cli import app


def main() -> None:
    """Run it."""
    app()


if __name__ == "__main__":
    main()

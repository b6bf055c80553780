"""The log: JSON lines in a file, and what needs attention on the screen in plain words."""

import logging
import sys
from pathlib import Path

import structlog
from structlog.typing import Processor

SIZE_MAX = 10_000_000
_OURS = ("bot", "overlay", "commands", "data")  # libraries warn in the file only


def log_to(path: Path) -> None:
    """Log to the file, which starts anew when it is large, and warnings to the screen too."""
    if path.exists() and path.stat().st_size > SIZE_MAX:
        path.replace(path.with_suffix(".log.1"))
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    file = logging.FileHandler(path, encoding="utf-8", delay=True)
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(logging.WARNING)
    screen.addFilter(lambda record: record.name.startswith(_OURS))
    screen.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # without local variables: names and messages stay out of what people post
                structlog.dev.ConsoleRenderer(
                    colors=False, exception_formatter=structlog.dev.plain_traceback
                ),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[file, screen], force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )

"""One benchmark, in a process of its own."""

import logging
import traceback
from importlib import import_module

import structlog

from benchmarks.place import Place, RefusedError
from benchmarks.report import Section
from bot.collector import calm

NAMES = ("journal", "growth", "latency", "fanout", "restart", "startup", "chat", "storm")
FAILED, UNMEASURED = "Failed:", "Not measured:"


def title(name: str) -> str:
    """What a benchmark measures, in a few words."""
    return str(import_module(f"benchmarks.{name}").TITLE)


def run_one(name: str, place: Place) -> Section:
    """Run it; what keeps it from running becomes its only note."""
    level = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=level)
    module = import_module(f"benchmarks.{name}")
    calm()  # as `giftcast run` does
    try:
        section: Section = module.run(place)
    except RefusedError as error:
        return Section(name, module.TITLE, "", notes=(f"{UNMEASURED} {error}.",))
    except Exception as error:  # noqa: BLE001 - the others shall still run
        traceback.print_exc()
        reason = f"{type(error).__name__} {error}".partition("\n")[0][:160]
        return Section(name, module.TITLE, "", notes=(f"{FAILED} {reason}",))
    return section

"""Watches the memory of a run: of the driver, and of what it started."""

from __future__ import annotations

import csv
import os
import threading
import time
from pathlib import Path
from statistics import median

from optmix.bench.memory import resident_mib

POLL_S = 2.0
STATM = Path("/proc/self/statm")
BYTES_PER_MIB = 2**20
COLUMNS = ("elapsed_s", "done", "driver_mib", "workers_mib")


class Watch(threading.Thread):
    """Looks at memory every two seconds, and writes down what it sees.

    Parameters
    ----------
    file
        CSV file that gets the samples as they come.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True)
        self._file = file
        self._ended = threading.Event()
        self.n_done = 0
        self.samples: list[tuple[float, int, float, float]] = []

    def run(self) -> None:
        """Look until the end."""
        began = time.perf_counter()
        with self._file.open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(COLUMNS)
            while not self._ended.wait(POLL_S):
                sample = (round(time.perf_counter() - began), self.n_done, *memory_mib())
                self.samples.append(sample)
                rows.writerow(sample)
                stream.flush()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()

    def thirds(self, column: str) -> tuple[float | None, float | None]:
        """Return the median of a column in the second third of the run and in the last.

        In the first third processes start and first sites are read, which says nothing of growth.
        """
        values = [sample[COLUMNS.index(column)] for sample in self.samples]
        third = len(values) // 3
        if not third:
            return None, None
        return median(values[third : 2 * third]), median(values[-third:])


def memory_mib() -> tuple[int, int]:
    """Return resident memory of this process, and of all that it started; 0 where not known."""
    if not STATM.is_file():
        return 0, 0
    own = int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / BYTES_PER_MIB
    return round(own), round(resident_mib(os.getpid()) - own)

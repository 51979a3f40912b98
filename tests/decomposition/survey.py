"""Print what the random cases have, which limits bind, and how long HiGHS takes for each whole.

`python tests/decomposition/survey.py [FIRST LAST]`
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from decomposition.compare import monolithic
from decomposition.features import features
from decomposition.limits import limits_reached
from decomposition.random_sites import SEEDS, random_case


def main(seeds: list[int]) -> None:
    has, reaches, may_reach = Counter[str](), Counter[str](), Counter[str]()
    statuses, seconds = Counter[str](), {}
    for seed in seeds:
        case = random_case(seed)
        has.update(name for name, is_so in features(case).items() if is_so)
        began = time.perf_counter()
        answer = monolithic(seed)
        seconds[seed] = time.perf_counter() - began
        statuses[str(answer.status)] += 1
        if answer.plan is not None and answer.verification is not None:
            reached = limits_reached(case, answer.plan, answer.verification)
            may_reach.update(reached.keys())
            reaches.update(name for name, is_so in reached.items() if is_so)
        say(f"seed {seed:4} {seconds[seed]:7.2f} s  {answer.status}")
    say(f"{len(seeds)} cases: {dict(statuses)}")
    say(f"median {statistics.median(seconds.values()):.2f} s, sum {sum(seconds.values()):.0f} s")
    for name, count in has.items():
        say(f"{name:32} {count:4} {count / len(seeds):5.0%}")
    say("limits: reached, of the plans that have them")
    for name, count in may_reach.items():
        say(f"{name:32} {reaches[name]:4} of {count:4}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    ends = [int(argument) for argument in sys.argv[1:]]
    main([seed for seed in SEEDS if not ends or ends[0] <= seed < ends[1]])

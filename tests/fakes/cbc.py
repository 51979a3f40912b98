"""A program that behaves like CBC at its best and at its worst; an option says how.

It answers the command line that Pyomo makes for CBC: a model in LP format comes in, a file with a
plan goes out.
"""

import os
import sys
import time

import highspy


def answer(behaviour: str, model: str, solution: str) -> None:
    if behaviour == "hangs":
        time.sleep(3600.0)
    if behaviour == "crashes":
        os.abort()
    if behaviour == "eats":
        held = []
        while True:
            held.append(bytearray(b"x" * 20_000_000))
            time.sleep(0.05)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(model)
    if behaviour == "lies-about-proof":
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.run()
    plan = list(highs.getSolution().col_value)
    cost = highs.getInfo().objective_function_value
    if behaviour == "lies-about-plan":
        plan = [0.0] * len(plan)
    if behaviour == "lies-about-cost":
        cost = 1.0
    rows, columns = highs.getLp().row_names_, highs.getLp().col_names_
    lines = [f"Optimal - objective value {cost:.8f}"]
    lines += [f"{i} {name} 0 0" for i, name in enumerate(rows)]
    lines += [f"{j} {name} {plan[j]:.9f} 0" for j, name in enumerate(columns)]
    with open(solution, "w", encoding="utf-8") as file:  # noqa: PTH123 - a program that starts fast
        file.write("\n".join(lines) + "\n")


def after(option: str) -> str:
    return sys.argv[sys.argv.index(option) + 1]


if __name__ == "__main__":
    print("Version: 2.10.12")  # noqa: T201 - how CBC tells it
    if "-import" in sys.argv:
        answer(after("-behaviour"), after("-import"), after("-solu"))

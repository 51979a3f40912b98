"""A folder of results appears whole or not at all."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optmix.report.placing import place_folder, recover


def fill_with(text: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "a.txt").write_text(text, encoding="utf-8")

    return fill


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    place_folder(tmp_path / "a" / "b", fill_with("new"))
    assert tree(tmp_path) == {"a/b/inner/a.txt": "new"}


@pytest.mark.parametrize("old", [[], ["b.txt", "c.txt"]], ids=["empty", "full"])
def test_an_old_folder_is_replaced_as_a_whole(tmp_path: Path, old: list[str]) -> None:
    target = tmp_path / "out"
    target.mkdir()
    for name in old:
        (target / name).write_text("old", encoding="utf-8")
    place_folder(target, fill_with("new"))
    assert tree(tmp_path) == {"out/inner/a.txt": "new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "out"
    place_folder(target, fill_with("old"))

    def fail(folder: Path) -> None:
        fill_with("new")(folder)
        raise error

    with pytest.raises(error):
        place_folder(target, fail)
    assert tree(tmp_path) == {"out/inner/a.txt": "old"}


def test_a_failure_of_the_last_step_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    place_folder(target, fill_with("old"))
    rename = Path.rename

    def refuse_new(path: Path, to: Path) -> Path:
        if path.suffix == ".new":
            raise OSError("disk gone")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(OSError, match="disk gone"):
        place_folder(target, fill_with("new"))
    assert tree(tmp_path) == {"out/inner/a.txt": "old"}


def test_the_folder_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    place_folder(tmp_path / "out", fill_with("new"))
    assert (tmp_path / "out").stat().st_mode == plain.stat().st_mode


WRITE_SLOWLY = """
import sys, time
from pathlib import Path
from optmix.report.placing import place_folder, recover

def fill(folder):
    for number in range(1000):
        (folder / f"{number}.txt").write_text("new")
        if number == 500:
            print("half", flush=True)
        time.sleep(0.001)

place_folder(Path(sys.argv[1]), fill)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("there_before", [True, False])
def test_a_kill_in_the_middle_leaves_no_part(tmp_path: Path, there_before: bool) -> None:
    target = tmp_path / "out"
    if there_before:
        place_folder(target, fill_with("old"))
    command = [sys.executable, "-c", WRITE_SLOWLY, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "half\n"
        time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
    if there_before:
        assert tree(target) == {"inner/a.txt": "old"}
    else:
        assert not target.exists()
    place_folder(target, fill_with("again"))
    assert tree(target) == {"inner/a.txt": "again"}


def test_a_replacement_broken_off_in_the_middle_is_undone_by_the_next_run(
    tmp_path: Path,
) -> None:
    target = tmp_path / "out"
    place_folder(target, fill_with("old"))
    target.rename(tmp_path / ".out.abcd1234.old")
    recover(target)
    assert tree(tmp_path) == {"out/inner/a.txt": "old"}

    target.rename(tmp_path / ".out.abcd1234.old")

    def fail(_: Path) -> None:
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        place_folder(target, fail)
    assert tree(tmp_path) == {"out/inner/a.txt": "old"}


HOLD = """
import sys
from pathlib import Path
from optmix.report.placing import place_folder

def fill(folder):
    (folder / "a.txt").write_text("half")
    print(folder.name, flush=True)
    sys.stdin.read()

place_folder(Path(sys.argv[1]), fill)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks on folders")
def test_what_killed_runs_left_is_cleared_and_what_live_ones_write_is_not(tmp_path: Path) -> None:
    target = tmp_path / "out"
    (tmp_path / ".out.abcd1234.old").mkdir()
    target.mkdir()
    others = {".out.txt", ".out.abcd1234.newer", ".outer.abcd1234.new"}
    for name in others:
        (tmp_path / name).mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        name = writer.stdout.readline().strip()
        place_folder(target, fill_with("new"))
        assert {path.name for path in tmp_path.iterdir()} == {*others, "out", name}
        writer.kill()
    place_folder(target, fill_with("again"))
    assert {path.name for path in tmp_path.iterdir()} == {*others, "out"}


def test_the_place_is_looked_at_right_before_the_folder_is_put_there(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def refuse() -> None:
        assert target.exists()
        raise ValueError("taken")

    def fill(folder: Path) -> None:
        fill_with("mine")(folder)
        place_folder(target, fill_with("theirs"))

    with pytest.raises(ValueError, match="taken"):
        place_folder(target, fill, refuse)
    assert tree(tmp_path) == {"out/inner/a.txt": "theirs"}

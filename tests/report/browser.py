"""A headless Chromium that a test drives over its debugging pipe; needs no other package."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root, which the sandbox refuses
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
)
PHONE = (390, 844)
DESKTOP = (1280, 900)

Message = dict[str, Any]


@dataclass
class Page:
    """One open page, and what it said and asked for since it was opened."""

    send: Callable[..., Message]
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, file: Path) -> None:
        """Open a file and wait until its charts are drawn, or until it has none."""
        self.complaints.clear()
        self.requests.clear()
        self.send("Page.navigate", url=file.resolve().as_uri())
        self.run(
            "new Promise((done) => { let left = 400; const look = () => left-- === 0 || "
            "(document.readyState === 'complete' && "
            "(document.documentElement.dataset.drawn || document.scripts.length < 2)) "
            "? done(1) : setTimeout(look, 50); look(); })"
        )

    def run(self, script: str) -> Any:
        """Return the value of an expression; a promise is awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def size(self, width: int, height: int) -> None:
        """Give the page the size of a screen."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def prefer(self, scheme: str) -> None:
        """Ask for a light or dark page."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", features=features)

    def press(self, key: str, code: int) -> None:
        """Press a key."""
        text = {"text": "\r"} if key == "Enter" else {}  # buttons wait for the character
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **text,
            )

    def screenshot(self, path: Path) -> None:
        """Write a picture of the whole page."""
        self.write(path, "Page.captureScreenshot", captureBeyondViewport=True)

    def write(self, path: Path, method: str, **options: object) -> None:
        """Write what the browser makes of the page: a picture, or a PDF."""
        path.write_bytes(base64.b64decode(self.send(method, **options)["data"]))


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """Run the browser as long as it is needed."""
    assert CHROMIUM is not None
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    # The browser reads commands from descriptor 3 and answers on 4.
    command = f'exec "$0" "$@" 3<&{to_read} 4>&{from_write}'
    arguments = [*FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        ["/bin/bash", "-c", command, CHROMIUM, *arguments],
        pass_fds=(to_read, from_write),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    try:
        with os.fdopen(to_write, "wb") as commands, os.fdopen(from_read, "rb") as answers:
            pipe = _Pipe(commands, answers)
            yield _attached(pipe)
            pipe.session = ""
            pipe.send("Browser.close")
            process.wait(timeout=30)
    finally:
        process.kill()
        process.wait(timeout=30)


@dataclass
class _Pipe:
    """Messages to and from the browser, JSON that ends with a zero byte."""

    commands: Any
    answers: Any
    session: str = ""
    heard: Callable[[Message], None] = lambda _: None
    last: int = 0
    rest: bytes = b""

    def send(self, method: str, **params: object) -> Message:
        self.last += 1
        message: Message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self.last:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.heard(answer)

    def _next(self) -> Message:
        while b"\0" not in self.rest:
            read = os.read(self.answers.fileno(), 1 << 20)
            assert read, "the browser has gone"
            self.rest += read
        text, _, self.rest = self.rest.partition(b"\0")
        return dict(json.loads(text))


def _is_inline(params: Message) -> bool:
    """Whether what is asked for is in the page itself, as pictures are that scripts made."""
    return str(params["request"]["url"]).startswith(("data:", "blob:"))


def _attached(pipe: _Pipe) -> Page:
    """Open a page and listen to what it says."""
    target = pipe.send("Target.createTarget", url="about:blank")["targetId"]
    pipe.session = pipe.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Page(pipe.send)

    def hear(message: Message) -> None:
        params = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                page.complaints.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                page.complaints.append(str(params["args"]))
            case "Log.entryAdded":
                page.complaints.append(str(params["entry"]))
            case "Network.requestWillBeSent" if not _is_inline(params):
                page.requests.append(str(params["request"]["url"]))

    pipe.heard = hear
    for domain in ("Page", "Runtime", "Log", "Network"):
        pipe.send(f"{domain}.enable")
    return page

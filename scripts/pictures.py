#!/usr/bin/env python3
"""Makes pictures of the real program: runs the demo in tmux, and turns what its panes show into SVG.

    cargo build --release && scripts/pictures.py FOLDER [NAME...]
    cargo build --release && scripts/pictures.py --readme

Needs tmux (3.0 or newer) and Python 3.9; nothing is installed or asked for. Each picture is waited for by what it has to
show, never by time alone. A NAME picks single pictures, such as `settled-120x40`; `--readme` makes the README's.
DISSENT names another program than target/release/dissent.
"""

import html
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("DISSENT", os.path.join(ROOT, "target", "release", "dissent"))
WINDOWS, SOCKET = itertools.count(), ""
QUESTION = "When was the first message sent over the ARPANET?"
SIZES = [(40, 10), (60, 15), (80, 24), (120, 40), (200, 60), (300, 80)]
# What is waited for is there within a second; a loaded machine gets much more.
PATIENCE_S = 60
STILL_S = 0.6

# The measures of a cell in the picture, for the monospaced fonts named below.
CELL_W, CELL_H, FONT_PX = 8.4, 18.0, 14
FONTS = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
DARK, LIGHT = ("#16181d", "#d5d9e0"), ("#fdfdfb", "#24292f")
ANSI = ["#16181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d5d9e0",
        "#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#7cc4ff", "#e29bf5", "#6fd3e0", "#ffffff"]


class Window:
    """The program in a window of its own."""

    def __init__(self, size, args=(), variables=()):
        global SOCKET
        self.size = size
        # A server of its own: the one before may still be on its way out.
        SOCKET = f"dissent-pictures-{os.getpid()}-{next(WINDOWS)}"
        self.home = tempfile.TemporaryDirectory()
        settings = ["env", "-i", f"HOME={self.home.name}", f"PATH={os.environ['PATH']}", "TERM=tmux-256color",
                    "COLORTERM=truecolor", "LANG=C.UTF-8", *variables]
        command = [*settings, PROGRAM, "chat", "--demo", *args]
        tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), *command)
        tmux("set-option", "-g", "status", "off")
        tmux("resize-window", "-x", str(size[0]), "-y", str(size[1]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        tmux("kill-server", check=False)
        self.home.cleanup()

    def press(self, *keys):
        for key in keys:
            tmux("send-keys", key)
            # Escape and a key in one read would be Alt and that key.
            time.sleep(0.2)

    def text(self):
        return tmux("capture-pane", "-p")

    def capture(self):
        return tmux("capture-pane", "-p", "-e", "-N")

    def until(self, *parts):
        """Waits until every one of `parts`, or one of the words of a tuple, is in sight."""
        ways = [part if isinstance(part, tuple) else (part,) for part in parts]
        end = time.monotonic() + PATIENCE_S
        while not all(any(word in self.text() for word in way) for way in ways):
            if time.monotonic() > end:
                sys.exit(f"{parts} never came; the window shows\n{self.text()}")
            time.sleep(0.05)

    def until_still(self):
        """Waits until nothing has moved for a while."""
        last, since = self.capture(), time.monotonic()
        while time.monotonic() < since + STILL_S:
            time.sleep(0.05)
            now = self.capture()
            if now != last:
                last, since = now, time.monotonic()


def tmux(*args, check=True):
    done = subprocess.run(["tmux", "-L", SOCKET, "-f", "/dev/null", *args], capture_output=True, text=True)
    if check and done.returncode:
        sys.exit(f"tmux {args[0]}: {done.stderr.strip()}")
    return done.stdout


def palette(index):
    if index < 16:
        return ANSI[index]
    if index >= 232:
        level = 8 + 10 * (index - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    levels = [0, 95, 135, 175, 215, 255]
    index -= 16
    return "#%02x%02x%02x" % (levels[index // 36], levels[index // 6 % 6], levels[index % 6])


class Looks:
    """What the codes so far make of a cell."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.flags = set()

    def obey(self, codes):
        codes = [int(code or 0) for code in re.split("[;:]", codes)]
        on = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
        off = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in on:
                self.flags.add(on[code])
            elif code in off:
                self.flags -= set(off[code])
            elif code in (38, 48):
                if codes.pop(0) == 5:
                    color = palette(codes.pop(0))
                else:
                    color = "#%02x%02x%02x" % tuple(codes[:3])
                    codes = codes[3:]
                if code == 38:
                    self.fg = color
                else:
                    self.bg = color
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = ANSI[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = ANSI[code - 40 if code < 100 else code - 92]

    def shown(self, colors):
        ground, ink = colors
        fg, bg = self.fg or ink, self.bg
        if "reverse" in self.flags:
            fg, bg = bg or ground, fg
        return fg, bg, tuple(sorted(self.flags - {"reverse"}))


def cells(letter):
    if unicodedata.combining(letter) or letter in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def runs(line, looks, colors):
    """Yields (column, cells, text, looks) for what has the same looks."""
    column, start, text, last = 0, 0, "", None
    for part in re.split("(\x1b\\[[0-9;:]*m|\x1b[()]B|\x0e|\x0f)", line):
        if part.startswith("\x1b["):
            looks.obey(part[2:-1])
            continue
        if part[:1] in ("\x1b", "\x0e", "\x0f"):
            continue
        for letter in part:
            now = looks.shown(colors)
            # A letter that is wide, or drawn, starts anew, so that no font moves what follows it.
            if now != last or cells(letter) == 2 or (text and cells(text[-1]) == 2):
                if text:
                    yield start, column - start, text, last
                start, text, last = column, "", now
            text += letter
            column += cells(letter)
    if text:
        yield start, column - start, text, last


def svg(captured, size, colors):
    width, height = size[0] * CELL_W + 24, size[1] * CELL_H + 24
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
           f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONTS}" font-size="{FONT_PX}">',
           f'<rect width="100%" height="100%" rx="8" fill="{colors[0]}"/>']
    looks = Looks()
    for row, line in enumerate(captured.split("\n")[:size[1]]):
        y = 12 + row * CELL_H
        for column, n_cells, text, (fg, bg, flags) in runs(line, looks, colors):
            x, run_width = 12 + column * CELL_W, n_cells * CELL_W
            if bg:
                out.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{run_width:.1f}" height="{CELL_H}" fill="{bg}"/>')
            # A line that is drawn has to meet the next one: as a rectangle it does in every font.
            if text and set(text) <= set("─━"):
                thick = 2 if "━" in text else 1
                out.append(f'<rect x="{x:.1f}" y="{y + (CELL_H - thick) / 2:.1f}" width="{run_width:.1f}" '
                           f'height="{thick}" fill="{fg}"/>')
                continue
            if text and set(text) <= set("│"):
                for at in range(n_cells):
                    out.append(f'<rect x="{x + (at + 0.5) * CELL_W - 0.5:.1f}" y="{y:.1f}" width="1" '
                               f'height="{CELL_H}" fill="{fg}"/>')
                continue
            if not text.strip() and not flags:
                continue
            looks_of = {"bold": 'font-weight="bold"', "italic": 'font-style="italic"', "dim": 'opacity="0.65"'}
            more = [looks_of[flag] for flag in flags if flag in looks_of]
            lines = {"underline": "underline", "strike": "line-through"}
            decoration = " ".join(lines[flag] for flag in flags if flag in lines)
            if decoration:
                more.append(f'text-decoration="{decoration}"')
            out.append(f'<text x="{x:.1f}" y="{y + 13.5:.1f}" fill="{fg}" textLength="{run_width:.1f}" '
                       f'lengthAdjust="spacingAndGlyphs" xml:space="preserve" {" ".join(more)}>'
                       f'{html.escape(text)}</text>')
    out.append("</svg>\n")
    return "\n".join(out)


# What a person meets in one sitting; each scene goes on from the one before: the keys that lead to it, and what is waited
# for: every one of the parts of the text, or one of the words of a tuple.
SITTING = [
    ("first", [], [QUESTION[:20]]),
    ("menu", ["C-x"], [("esc to close", "esc close")]),
    ("help", ["Escape", "?"], [("esc to close", "esc close")]),
    ("streaming", ["Escape", "Enter"], [("≠1", "conflicts 1")]),
    ("settled", [], [("flagged", "0.73")]),
    ("split", ["Tab", "]"], [("≠1", "conflicts 1")]),
    ("side-by-side", ["Enter"], ["esc"]),
]
# A sitting in colours of its own: arguments, variables, and the ground and ink of the terminal.
LOOKS = {
    "": ([], [], DARK),
    "light-": (["--theme", "paper"], [], LIGHT),
    "mono-": ([], ["NO_COLOR=1"], DARK),
}
README_SIZE, README_PICTURE = (120, 40), "split-120x40"
SITTINGS = [("", size) for size in SIZES] + [(look, size) for look in ("light-", "mono-") for size in SIZES[2:]]


def sit(folder, look, size, wanted):
    """Plays a sitting, and leaves a picture of each scene of it that is wanted."""
    args, variables, colors = LOOKS[look]
    names = [f"{look}{scene}-{size[0]}x{size[1]}" for scene, _, _ in SITTING]
    n_played = max((idx + 1 for idx, name in enumerate(names) if not wanted or name in wanted), default=0)
    if not n_played:
        return
    with Window(size, args, variables) as window:
        for name, (scene, keys, parts) in list(zip(names, SITTING))[:n_played]:
            window.press(*keys)
            window.until(*parts)
            if scene != "streaming":
                window.until_still()
            if not wanted or name in wanted:
                with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as file:
                    file.write(svg(window.capture(), size, colors))
                print(name, flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--readme":
        with tempfile.TemporaryDirectory() as folder:
            sit(folder, "", README_SIZE, {README_PICTURE})
            shutil.copy(os.path.join(folder, README_PICTURE + ".svg"), os.path.join(ROOT, "assets", "screenshot.svg"))
        return
    folder, wanted = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    for look, size in SITTINGS:
        sit(folder, look, size, wanted)


if __name__ == "__main__":
    main()

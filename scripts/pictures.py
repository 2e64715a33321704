#!/usr/bin/env python3
"""Makes pictures of the real program: runs the demo in tmux, and turns what its panes show into SVG.

    cargo build --release && scripts/pictures.py FOLDER [NAME...]

Needs tmux (3.0 or newer) and Python 3.9; nothing is installed or asked for. Each picture is waited for by what it has to
show, never by time alone. A NAME picks single pictures, such as `settled-120x40`.
"""

import html
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("DISSENT", os.path.join(ROOT, "target", "release", "dissent"))
SOCKET = f"dissent-pictures-{os.getpid()}"
QUESTION = "When was the first message sent over the ARPANET?"
SIZES = [(80, 24), (120, 40), (200, 60), (300, 80)]
# What is waited for is there within a second; a loaded machine gets much more.
PATIENCE_S = 60

# The measures of a cell in the picture, for the monospaced fonts named below.
CELL_W, CELL_H, FONT_PX = 8.4, 18.0, 14
FONTS = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
DARK, LIGHT = ("#16181d", "#d5d9e0"), ("#fdfdfb", "#24292f")
ANSI = ["#16181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d5d9e0",
        "#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#7cc4ff", "#e29bf5", "#6fd3e0", "#ffffff"]


class Window:
    """The program in a window of its own."""

    def __init__(self, size, args=(), variables=()):
        self.size = size
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
        tmux("send-keys", *keys)

    def type(self, text):
        tmux("send-keys", "-l", text)

    def text(self):
        return tmux("capture-pane", "-p")

    def until(self, *parts):
        """Waits until every one of `parts`, or one of the words of a tuple, is in sight, and nothing moves any more."""
        end = time.monotonic() + PATIENCE_S
        def there(text):
            return all(any(word in text for word in (part if isinstance(part, tuple) else (part,))) for part in parts)
        while not there(self.text()):
            if time.monotonic() > end:
                sys.exit(f"{parts} never came; the window shows\n{self.text()}")
            time.sleep(0.05)

    def svg(self, colors):
        time.sleep(0.15)
        return svg(tmux("capture-pane", "-p", "-e", "-N"), self.size, colors)


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


def settle(window):
    window.press("Enter")
    window.until("3 of 3 answered")


def first(window):
    window.until("Pick a question")


def streaming(window):
    first(window)
    window.press("Enter")
    window.until("still at it", "≠1")


def settled(window):
    first(window)
    settle(window)


def split(window):
    settled(window)
    window.press("Tab", "]")
    window.until("▸≠1")


def side_by_side(window):
    split(window)
    window.press("Enter")
    time.sleep(0.5)


def help_(window):
    first(window)
    window.press("?")
    window.until(("below", "close"))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, wanted = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    slow, fast = ("--demo-speed", "2"), ("--demo-speed", "8")
    scenes = {"first": (first, fast), "streaming": (streaming, slow), "settled": (settled, fast), "split": (split, fast),
              "side-by-side": (side_by_side, fast), "help": (help_, fast)}
    jobs = [(f"{name}-{w}x{h}", (w, h), play, args, (), DARK) for name, (play, args) in scenes.items() for w, h in SIZES]
    jobs.append(("light-120x40", (120, 40), split, (*fast, "--theme", "paper"), (), LIGHT))
    jobs.append(("mono-120x40", (120, 40), split, fast, ("NO_COLOR=1",), DARK))
    jobs.append(("readme", (140, 40), split, fast, (), DARK))
    for name, size, play, args, variables, colors in jobs:
        if wanted and name not in wanted:
            continue
        with Window(size, args, variables) as window:
            play(window)
            with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as file:
                file.write(window.svg(colors))
        print(name, flush=True)


if __name__ == "__main__":
    main()

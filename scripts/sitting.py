#!/usr/bin/env python3
"""Holds one long sitting in a pty and prints what a turn costs when there are many turns behind it.

    scripts/sitting.py [--program target/release/dissent] [--turns 300] [--at 10,100,300] [--models 3] [--words 160] [--forget]

Three models answer at once from a server on the loopback, each with an answer of its own of about 1 KB. CPU is what
the program used over the ten turns up to each mark, from the question's first key to rest, divided by ten; memory is
the resident set after it. With --forget the conversation is not sent along (`[context] own_history = false`), which
tells what the growing request costs from what the screen keeps. Needs Linux and Python 3.11.
"""

import argparse
import http.server
import json
import os
import pty
import select
import signal
import struct
import fcntl
import subprocess
import sys
import tempfile
import termios
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What the screen must be silent for, so that a turn counts as at rest.
REST_S = 0.25
MOST_S = 20


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    n_answered = 0
    n_bytes = 0
    lock = threading.Lock()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    words = 160

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        model = json.loads(body)["model"]
        with self.server.lock:
            self.server.n_bytes += len(body)
            turn = self.server.n_answered // 3
        text = " ".join(f"w{(turn * 31 + i * 7 + len(model)) % 997}" + ("." if i % 12 == 11 else "") for i in range(self.words))
        pieces = [text[i : i + 60] for i in range(0, len(text), 60)]
        event = lambda delta, finish=None: b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"
        stream = b"".join(event({"content": piece}) for piece in [f"Answer {turn} of {model}: the value is {turn}. "] + pieces) + event({}, "stop") + b"data: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(stream)))
        self.end_headers()
        self.wfile.write(stream)
        with self.server.lock:
            self.server.n_answered += 1


class Screen:
    """The program in a pty, whose output is read and dropped."""

    def __init__(self, program, home):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        env = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self.process = subprocess.Popen([program], stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def rest(self, quiet=REST_S):
        """Reads until nothing has come for a while."""
        end = time.monotonic() + MOST_S
        while time.monotonic() < end and select.select([self.master], [], [], quiet)[0]:
            os.read(self.master, 65536)

    def type(self, text):
        os.write(self.master, text.encode())

    def cpu_s(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self):
        lines = dict(line.split(":", 1) for line in open(f"/proc/{self.process.pid}/status"))
        return int(lines["VmRSS"].split()[0]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "target", "release", "dissent"))
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--at", default="10,100,300")
    parser.add_argument("--models", type=int, default=3)
    parser.add_argument("--words", type=int, default=160)
    parser.add_argument("--forget", action="store_true")
    args = parser.parse_args()
    marks = {int(mark) for mark in args.at.split(",")}
    Answer.words = args.words
    server = Server(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(home, ".config", "dissent")
        os.makedirs(folder)
        names = [f"m{index}" for index in range(args.models)]
        config = f"ensemble = {json.dumps(names)}\n"
        for name in names:
            config += f'[models.{name}]\nprovider = "openai-compatible"\nmodel = "{name}"\nbase_url = "http://127.0.0.1:{server.server_address[1]}/v1"\n'
        if args.forget:
            config += "[context]\nown_history = false\nafter_off = \"skip\"\n"
        with open(os.path.join(folder, "config.toml"), "w") as file:
            file.write(config)
        screen = Screen(args.program, home)
        try:
            sit(screen, server, args, marks)
        finally:
            os.killpg(screen.process.pid, signal.SIGKILL)


def sit(screen, server, args, marks):
    screen.rest(1.0)
    print("| turns | CPU a turn | memory | a request |\n| --: | --: | --: | --: |")
    used, sent, spent = [screen.cpu_s()], 0, 0
    for turn in range(1, args.turns + 1):
        screen.type(f"What is the value of turn {turn}?")
        screen.rest(0.03)
        screen.type("\r")
        end = time.monotonic() + MOST_S
        while server.n_answered < turn * args.models:
            if time.monotonic() > end or screen.process.poll() is not None:
                sys.exit(f"turn {turn} was not answered: {server.n_answered} answers")
            screen.rest(0.02)
        screen.rest()
        used.append(screen.cpu_s())
        sent, spent = server.n_bytes - spent, server.n_bytes
        if turn in marks:
            first = max(0, turn - 10)
            cpu_ms = (used[turn] - used[first]) / (turn - first) * 1000
            print(f"| {turn} | {cpu_ms:.0f} ms | {screen.memory_mb():.1f} MB | {sent / args.models / 1000:.0f} kB |", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Asks servers that try to outlast or outgrow `timeout.whole`, and prints how long a call took and what it held at most.

    scripts/hostile.py PROGRAM... [--whole 3] [--only WORD] [--limit 60]

Each server is asked alone, by `ask --json`, with `timeout = { whole = "3s" }`. Peak memory is the process's VmHWM, read
every 5 ms. Where a program runs on at --limit seconds it is ended, and the row says so. Exit 1 where the last program
named took longer than `whole` and two seconds, or 64 MB. Loopback only; needs Linux, Python 3.11 and `openssl` for the
server that speaks TLS as slowly as it can.
"""

import argparse
import gzip
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

MOST_MB = 64
# What a call may take beyond its time-out: the start of a process and its end, on a busy machine.
SLACK_S = 2

OPEN = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def sse(event):
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def delta(**fields):
    return sse({"choices": [{"index": 0, "delta": fields}]})


def forever(conn, piece, pause=0.0):
    while True:
        conn.sendall(piece)
        if pause:
            time.sleep(pause)


def reasons(conn):
    conn.sendall(OPEN)
    forever(conn, delta(reasoning_content="but wait, let me check that again. ") * 400)


def thinks(conn):
    conn.sendall(OPEN + delta(content="<think>"))
    forever(conn, delta(content="but wait, let me check that again. ") * 400)


def a_byte_a_second(conn):
    conn.sendall(OPEN)
    for byte in delta(content="Apollo 11 landed in 1969.") * 100:
        conn.sendall(bytes([byte]))
        time.sleep(1)


def a_letter_ten_times_a_second(conn):
    conn.sendall(OPEN)
    forever(conn, delta(content="x"), 0.1)


def keeps_alive(conn):
    conn.sendall(OPEN)
    forever(conn, b": still here\n\n", 0.05)


def floods_with_comments(conn):
    conn.sendall(OPEN)
    forever(conn, b": still here\n\n" * 4000)


def headers_one_by_one(conn):
    conn.sendall(b"HTTP/1.1 200 OK\r\n")
    for index in range(10**6):
        conn.sendall(b"x-%d: y\r\n" % index)
        time.sleep(0.1)


def one_header(conn):
    conn.sendall(b"HTTP/1.1 200 OK\r\nx-long: ")
    forever(conn, b"y" * 65536)


def early_hints(conn):
    forever(conn, b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" * 100)


BOMB = gzip.compress(b"data: " + b" " * (256 << 20) + b"\n\n", 9)
BOMB_OF_EVENTS = gzip.compress(delta(content="but wait, " * 100) * 200_000, 9)


def gzip_bomb(conn, bomb=None):
    conn.sendall(OPEN.replace(b"connection", b"content-encoding: gzip\r\nconnection") + (bomb or BOMB) * 4)


def gzip_bomb_of_events(conn):
    gzip_bomb(conn, BOMB_OF_EVENTS)


def one_line(conn):
    conn.sendall(OPEN + b'data: {"choices":[{"delta":{"content":"')
    for _ in range(1 << 14):
        conn.sendall(b"x" * 65536)


def events_of_200_kb(conn):
    conn.sendall(OPEN)
    forever(conn, delta(content="but wait, " * 20_000))


def sources(conn):
    conn.sendall(OPEN + delta(content="It landed in 1969."))
    for first in range(0, 10**6, 500):
        pages = [{"type": "url_citation", "url_citation": {"url": f"https://a.example/{index}", "title": f"page {index}"}} for index in range(first, first + 500)]
        conn.sendall(delta(annotations=pages))
    forever(conn, b": still here\n\n", 0.05)


def blanks(conn):
    conn.sendall(OPEN)
    forever(conn, delta(content=" \n" * 2000) * 10)


def words_without_end(conn):
    conn.sendall(OPEN)
    forever(conn, delta(content="and so it goes on, as before; ") * 400)


def table_without_end(conn):
    conn.sendall(OPEN + delta(content="| year | value |\n| --- | --- |\n"))
    index = 0
    while True:
        conn.sendall(b"".join(delta(content=f"| {1000 + n % 900} | {n}.5 kg |\n") for n in range(index, index + 400)))
        index += 400


def tool_calls(conn):
    conn.sendall(OPEN)
    forever(conn, delta(tool_calls=[{"index": 0, "function": {"arguments": "x" * 400}}]) * 100)


def redirects(conn):
    conn.sendall(b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /v1/chat/completions\r\ncontent-length: 0\r\n\r\n")


def retry_after(conn):
    body = b'{"error":{"message":"slow down"}}'
    conn.sendall(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1000000000\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)


def error_without_end(conn):
    conn.sendall(b"HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + b'{"error":{"message":"')
    forever(conn, b"x" * 65536)


def slow_error(conn):
    conn.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + b'{"error":{"message":"')
    forever(conn, b"x", 0.2)


def trailers(conn):
    conn.sendall(OPEN.replace(b"connection: close", b"transfer-encoding: chunked") + b"5\r\n: hi\n\r\n0\r\n")
    forever(conn, b"x-trailer: y\r\n", 0.05)


def silent(conn):
    time.sleep(600)


def anthropic_thinking(conn):
    event = lambda fields: b"event: " + fields["type"].encode() + b"\n" + sse(fields)
    conn.sendall(OPEN + event({"type": "message_start", "message": {"usage": {"input_tokens": 1}}}) + event({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}))
    forever(conn, event({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "but wait, let me check. "}}) * 400)


def gemini_parts(conn):
    conn.sendall(OPEN)
    forever(conn, sse({"candidates": [{"content": {"parts": [{"text": "and so on "}] * 50}}]}) * 20)


def ollama_lines(conn):
    conn.sendall(OPEN.replace(b"text/event-stream", b"application/x-ndjson"))
    forever(conn, json.dumps({"message": {"content": "and so on "}, "done": False}).encode() * 1 + b"\n")


def responses_deltas(conn):
    conn.sendall(OPEN)
    forever(conn, sse({"type": "response.output_text.delta", "delta": "and so on "}) * 400)


CHAT = "openai-chat"
# What it is called, what it does once a request has come, in which wire it is asked, what lies under it.
SERVERS = [
    ("endless reasoning", reasons, CHAT, "tcp"),
    ("endless `<think>`", thinks, CHAT, "tcp"),
    ("a byte a second", a_byte_a_second, CHAT, "tcp"),
    ("a letter every 100 ms", a_letter_ten_times_a_second, CHAT, "tcp"),
    ("comments that keep alive, nothing else", keeps_alive, CHAT, "tcp"),
    ("a flood of comments", floods_with_comments, CHAT, "tcp"),
    ("headers that never end, slowly", headers_one_by_one, CHAT, "tcp"),
    ("one header that never ends", one_header, CHAT, "tcp"),
    ("a flood of 103", early_hints, CHAT, "tcp"),
    ("gzip bomb, 1 GB of blanks", gzip_bomb, CHAT, "tcp"),
    ("gzip bomb, 0.8 GB of events", gzip_bomb_of_events, CHAT, "tcp"),
    ("one line of 1 GB", one_line, CHAT, "tcp"),
    ("events of 200 kB", events_of_200_kb, CHAT, "tcp"),
    ("1,000,000 sources", sources, CHAT, "tcp"),
    ("blanks without end", blanks, CHAT, "tcp"),
    ("words without end, no `[DONE]`", words_without_end, CHAT, "tcp"),
    ("a table without end", table_without_end, CHAT, "tcp"),
    ("a tool's arguments without end", tool_calls, CHAT, "tcp"),
    ("redirects in a circle", redirects, CHAT, "tcp"),
    ("`Retry-After: 1000000000`", retry_after, CHAT, "tcp"),
    ("an error body without end", error_without_end, CHAT, "tcp"),
    ("an error body, a letter every 200 ms", slow_error, CHAT, "tcp"),
    ("trailers without end", trailers, CHAT, "tcp"),
    ("takes the request, says nothing", silent, CHAT, "tcp"),
    ("takes the connection, no TLS comes", silent, CHAT, "mute"),
    ("TLS, a byte every 50 ms", silent, CHAT, "slow tls"),
    ("no room for a connection", silent, CHAT, "full"),
    ("Anthropic: thinking without end", anthropic_thinking, "anthropic", "tcp"),
    ("Gemini: parts without end", gemini_parts, "gemini", "tcp"),
    ("Ollama: lines without end", ollama_lines, "ollama", "tcp"),
    ("Responses: deltas without end", responses_deltas, "openai-responses", "tcp"),
]


def read_request(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = conn.recv(65536)
        if not piece:
            return
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += conn.recv(65536)


def slow_tls(conn):
    """Hands the real greeting of a TLS server on, a byte at a time."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    while True:
        try:
            tls.do_handshake()
            return
        except ssl.SSLWantReadError:
            for byte in outgoing.read():
                conn.sendall(bytes([byte]))
                time.sleep(0.05)
            incoming.write(conn.recv(65536))


CERTIFICATE = ""


def serve(act, under):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0 if under == "full" else 64)
    port = listener.getsockname()[1]
    if under == "full":
        # Connections that nobody takes fill the queue, and the kernel drops whoever comes next.
        waiting = [socket.socket() for _ in range(4)]
        for conn in waiting:
            conn.setblocking(False)
            conn.connect_ex(("127.0.0.1", port))
        return port, [listener, *waiting]

    def one(conn):
        try:
            if under == "mute":
                time.sleep(600)
            elif under == "slow tls":
                slow_tls(conn)
            else:
                read_request(conn)
                act(conn)
        except (OSError, ssl.SSLError):
            pass
        finally:
            conn.close()

    def loop():
        while True:
            try:
                conn, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(conn,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return port, [listener]


def config(port, dialect, under, whole):
    scheme = "https" if under in ("mute", "slow tls") else "http"
    path = "/v1" if dialect.startswith("openai") else ""
    return (f'ensemble = ["m"]\ntimeout = {{ whole = "{whole}s" }}\n[providers.p]\ndialect = "{dialect}"\n'
            f'base_url = "{scheme}://127.0.0.1:{port}{path}"\napi_key_env = "HOSTILE_KEY"\n[models.m]\nprovider = "p"\nmodel = "m"\n')


def ask(program, text, limit):
    """Returns seconds, MB, CPU seconds, and how it ended in words."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as out:
        path = os.path.join(home, "config.toml")
        with open(path, "w") as file:
            file.write(text)
        env = {"HOME": home, "PATH": os.environ["PATH"], "HOSTILE_KEY": "sk-planted-0001"}
        begin = time.monotonic()
        process = subprocess.Popen([program, "ask", "When did Apollo 11 land?", "--json", "--config", path], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.DEVNULL, env=env)
        peak_kb, is_hung = 0, False
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            if time.monotonic() - begin > limit:
                os.kill(process.pid, signal.SIGKILL)
                ended = os.wait4(process.pid, 0)
                is_hung = True
                break
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    peak_kb = max([peak_kb] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.005)
        wall_s = time.monotonic() - begin
        process.returncode = 0
        usage = ended[2]
        out.seek(0)
        said = out.read()
    if is_hung:
        words = f"ended by us after {limit} s"
    else:
        try:
            response = json.loads(said)["responses"][0]
            words = response["status"] + "".join(f", {error['kind']}" for error in [response["error"]] if error)
            words += f", {len(response['text']):,} letters" if response["text"] else ""
        except (ValueError, KeyError, IndexError):
            words = "no verdict"
    return wall_s, peak_kb / 1024, usage.ru_utime + usage.ru_stime, words


def main():
    global CERTIFICATE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", metavar="PROGRAM")
    parser.add_argument("--whole", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=int, default=60)
    args = parser.parse_args()
    # A program that takes all there is must not take the machine with it.
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))
    n_bad = 0
    with tempfile.TemporaryDirectory() as folder:
        CERTIFICATE = os.path.join(folder, "both.pem")
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", CERTIFICATE + ".key",
                               "-out", CERTIFICATE + ".crt"], capture_output=True)
        if made.returncode:
            sys.exit("hostile.py: openssl is needed for the servers with TLS")
        with open(CERTIFICATE, "wb") as both:
            for part in (".key", ".crt"):
                with open(CERTIFICATE + part, "rb") as file:
                    both.write(file.read())
        heads = "".join(f" {os.path.basename(program)}: wall | CPU | peak | ended |" for program in args.programs)
        print(f"| server |{heads}\n| --- |{' --: | --: | --: | --- |' * len(args.programs)}", flush=True)
        for name, act, dialect, under in SERVERS:
            if args.only not in name:
                continue
            row, is_bad = "", False
            for program in args.programs:
                port, sockets = serve(act, under)
                wall_s, peak_mb, cpu_s, words = ask(program, config(port, dialect, under, args.whole), args.limit)
                for one in sockets:
                    one.close()
                is_bad = wall_s > args.whole + SLACK_S or peak_mb > MOST_MB
                row += f" {wall_s:.1f} s | {cpu_s:.1f} s | {peak_mb:,.0f} MB | {words} |"
            n_bad += is_bad
            print(f"| {name} |{row}{' **missed**' if is_bad else ''}", flush=True)
    sys.exit(1 if n_bad else 0)


if __name__ == "__main__":
    main()

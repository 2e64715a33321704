//! The faults, as data: what a server does, how often it is asked, what is seen.

use std::time::Duration;

use crate::server::Act::{self, Chunk, End, Hang, Pause, Repeat, Reset, Send};
use crate::server::Site;

/// How long the table waits for the first token.
pub(crate) const FIRST_TOKEN: Duration = Duration::from_secs(6);
/// How long it waits between two signs of life.
pub(crate) const IDLE: Duration = Duration::from_secs(4);
/// How long it waits for the whole answer.
pub(crate) const WHOLE: Duration = Duration::from_secs(12);

/// One fault.
#[derive(Debug)]
pub(crate) struct Row {
    /// What goes wrong.
    pub(crate) fault: &'static str,
    /// What stands at the address.
    pub(crate) site: Site,
    /// Requests that the server gets.
    pub(crate) n_requests: u32,
    /// The shortest time that the policy allows, in milliseconds.
    pub(crate) at_least_ms: u64,
    /// The longest.
    pub(crate) at_most_ms: u64,
    /// The beginning of what the column says; `house` is the provider.
    pub(crate) seen: &'static str,
}

impl Row {
    /// Returns a part of what `dissent ask` says on stderr; empty where all went well.
    pub(crate) fn asked(&self) -> &'static str {
        let after_text = self.seen.strip_prefix("In July  ").unwrap_or(self.seen);
        match after_text {
            _ if after_text.contains("broken event") => "a part of the answer could not be read",
            _ if after_text.starts_with("In July") && !after_text.contains("cut") => "",
            _ => after_text,
        }
    }
}

const OK: Act = Send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
const HALF: Act = Chunk("data: {\"choices\":[{\"delta\":{\"content\":\"In July \"}}]}\n\n");
const REST: Act = Chunk("data: {\"choices\":[{\"delta\":{\"content\":\"1969.\"}}]}\n\n");
const STOP: Act = Chunk("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
const GOOD: &[Act] = &[OK, HALF, REST, STOP, End];
const DRIP: Act = Pause(Duration::from_millis(400));
const ALIVE: Act = Chunk(": keep-alive\n\n");
const BROKEN: Act = Chunk("data: {\"choices\":[{\"delta\":{\"content\":\n\n");
const ERROR: Act = Chunk("data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n");
const S500: &[Act] = &[Send("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")];
const S429: &[Act] = &[Send("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n")];
const S429_WISH: &[Act] = &[Send("HTTP/1.1 429 Too Many Requests\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n")];
const S429_FAR: &[Act] = &[Send("HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n")];
const S429_PROSE: &[Act] = &[Send(
    "HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n\
     {\"error\":{\"message\":\"Rate limit reached. Please try again in 1.5s.\",\"code\":\"rate_limit_exceeded\"}}",
)];
const QUOTA: &[Act] = &[Send(
    "HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n\
     {\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}",
)];
const S529: &[Act] = &[Send(
    "HTTP/1.1 529 Overloaded\r\nconnection: close\r\n\r\n\
     {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
)];
const S401: &[Act] = &[Send(
    "HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n\
     {\"error\":{\"message\":\"Incorrect API key provided: planted-key-1234\",\"code\":\"invalid_api_key\"}}",
)];
const S404: &[Act] = &[Send(
    "HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n{\"error\":{\"message\":\"no m\",\"code\":\"model_not_found\"}}",
)];
const LONG: &[Act] = &[Send(
    "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n\
     {\"error\":{\"message\":\"prompt is too long: 9 tokens > 8 maximum\",\"type\":\"invalid_request_error\"}}",
)];
const S502: &[Act] = &[Send(
    "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n\
     <html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>",
)];
const LOGIN: &[Act] = &[Send(
    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<!doctype html><title>Sign in</title>",
)];
const NOTHING: &[Act] = &[Send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")];

/// Every fault, in the order of the table. A retry waits 0.5 s, then 1 s, each up to a quarter longer; after a 429 at
/// least 1 s passes before the next request.
pub(crate) const ROWS: &[Row] = &[
    row("none", Site::Acts(&[GOOD]), 1, (0, 500), "In July 1969."),
    row("429 with retry-after: 2", Site::Acts(&[S429_WISH, GOOD]), 2, (2_000, 2_500), "In July 1969."),
    row("429 without, once", Site::Acts(&[S429, GOOD]), 2, (1_000, 1_250), "In July 1969."),
    row("429 without, three times", Site::Acts(&[S429]), 3, (2_000, 2_500), "house is over its limit (429); ask"),
    row("429, try again in 1.5s", Site::Acts(&[S429_PROSE, GOOD]), 2, (1_500, 1_900), "In July 1969."),
    row(
        "429, come back in an hour",
        Site::Acts(&[S429_FAR]),
        1,
        (0, 500),
        "house is over its limit and asks to wait 60",
    ),
    row("500 once", Site::Acts(&[S500, GOOD]), 2, (500, 625), "In July 1969."),
    row("500 three times", Site::Acts(&[S500]), 3, (1_500, 1_875), "house failed (500); ask again later"),
    row("529 three times", Site::Acts(&[S529]), 3, (1_500, 1_875), "house has no capacity for now (529): Overloaded;"),
    row("401", Site::Acts(&[S401]), 1, (0, 500), "house refused the key in HOUSE_KEY (401)"),
    row("quota", Site::Acts(&[QUOTA]), 1, (0, 500), "house says that the account has no credit or quota left (429)"),
    row("404", Site::Acts(&[S404]), 1, (0, 500), "house does not know the model `m-1` or the path (404): no m; check"),
    row("400, prompt too long", Site::Acts(&[LONG]), 1, (0, 500), "the conversation is longer than `m-1` reads (400)"),
    row("HTML 502", Site::Acts(&[S502]), 3, (1_500, 1_875), "house failed (502): 502 Bad Gateway; ask again later"),
    row(
        "HTML 200 (a login page)",
        Site::Acts(&[LOGIN]),
        1,
        (0, 500),
        "house sent a web page instead of an answer: Sign",
    ),
    row("hang before the first byte", Site::Acts(&[&[Hang]]), 1, (6_000, 6_100), "house sent no token within 6 s; ask"),
    row(
        "only keep-alives",
        Site::Acts(&[&[
            OK,
            Repeat(
                ": keep-alive

",
            ),
        ]]),
        1,
        (6_000, 6_100),
        "house sent no token within 6 s; ask",
    ),
    row(
        "stall in the middle",
        Site::Acts(&[&[OK, HALF, Hang]]),
        1,
        (4_000, 4_100),
        "In July  cut: house fell silent for 4 s in the middle of its answer; ask again",
    ),
    row(
        "cut after half",
        Site::Acts(&[&[OK, HALF]]),
        1,
        (0, 500),
        "In July  cut: house ended the answer in the middle",
    ),
    row(
        "ends cleanly without its end marker",
        Site::Acts(&[&[OK, HALF, End]]),
        1,
        (0, 500),
        "In July  cut: house ended the answer in the middle; ask again",
    ),
    row(
        "malformed event in the middle",
        Site::Acts(&[&[OK, HALF, BROKEN, REST, STOP, End]]),
        1,
        (0, 500),
        "In July 1969.  incomplete: casts no vote tab 1 r asks again 1 broken event passed over: a part may be missing",
    ),
    row("empty 200", Site::Acts(&[NOTHING]), 3, (1_500, 1_875), "house said that all is well and sent nothing; ask"),
    row(
        "error event before the text",
        Site::Acts(&[&[OK, ERROR, End]]),
        3,
        (1_500, 1_875),
        "house has no capacity for now: Overloaded; ask again in a minute",
    ),
    row(
        "error event in the middle",
        Site::Acts(&[&[OK, HALF, ERROR, End]]),
        1,
        (0, 500),
        "In July  cut: house has no capacity for now: Overloaded; ask again in a minute",
    ),
    row(
        "slow drip that ends",
        Site::Acts(&[&[OK, HALF, DRIP, ALIVE, DRIP, ALIVE, DRIP, ALIVE, DRIP, REST, DRIP, STOP, End]]),
        1,
        (2_000, 2_500),
        "In July 1969.",
    ),
    row(
        "slow drip without end",
        Site::Acts(&[&[OK, HALF, REST, Repeat(": keep-alive\n\n")]]),
        1,
        (12_000, 12_100),
        "In July 1969.",
    ),
    row("reset before the first byte", Site::Acts(&[&[Reset]]), 3, (1_500, 1_875), "the connection to house broke: "),
    row(
        "reset in the middle",
        Site::Acts(&[&[OK, HALF, DRIP, Reset]]),
        1,
        (400, 900),
        "In July  cut: the connection to",
    ),
    row("nobody listens", Site::Nobody, 0, (1_500, 1_875), "house cannot be reached: "),
    row(
        "DNS failure",
        Site::NoSuchHost,
        0,
        (1_500, 3_000),
        "house cannot be reached: no such host, or no network; check",
    ),
    row(
        "TLS failure: plain HTTP",
        Site::NoTls,
        0,
        (0, 500),
        "no safe connection to house: the server does not speak TLS",
    ),
    row(
        "TLS failure: self-signed",
        Site::SelfSigned,
        0,
        (0, 500),
        "no safe connection to house: its certificate is signed by nobody whom",
    ),
];

const fn row(
    fault: &'static str,
    site: Site,
    n_requests: u32,
    (at_least_ms, at_most_ms): (u64, u64),
    seen: &'static str,
) -> Row {
    Row { fault, site, n_requests, at_least_ms, at_most_ms, seen }
}

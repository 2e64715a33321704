//! Replies as bytes: the server's side of the two protocols, with the quirks that a client must cope with.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::demo::cast::Wire;
use crate::demo::script::Piece;

/// How often a server that has nothing to say shows that it lives; idle time-outs are longer by far.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// What is said beside a reply that answers nothing.
const UNSCRIPTED: &str = "this demo model has no script for this question";

/// One reply, timed at speed 1.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The id that the protocol wants for it.
    pub(crate) id: String,
    pub(crate) model: String,
    pub(crate) reasoning: Vec<Piece>,
    pub(crate) text: Vec<Piece>,
    pub(crate) ending: Ending,
}

/// What the client is told about token counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    pub(crate) n_input_tokens: usize,
    /// Whether a client of Chat asked for a chunk with the counts; Messages always sends them.
    pub(crate) is_wanted: bool,
}

/// How a reply ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is said.
    Stop,
    /// The model declined; the text is what it says to that.
    Refusal,
    /// The text answers nothing, which is said beside it in the way of a refusal.
    Unscripted,
    /// The connection breaks and no end marker is sent.
    Cut,
    /// Nothing is ever said.
    Silence,
}

/// Bytes and when they are sent, counted from the request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beat {
    pub(crate) at: Duration,
    pub(crate) bytes: Bytes,
}

/// What happens once the beats are over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum After {
    /// The body ends as it should.
    Close,
    /// The connection breaks.
    Break,
    /// These bytes are repeated at this interval until the client leaves.
    Repeat(Bytes, Duration),
}

/// Returns the body of `reply`.
pub(crate) fn encode(wire: Wire, reply: &Reply, meter: Meter) -> (Vec<Beat>, After) {
    let beats = match wire {
        Wire::Chat => chat(reply, meter),
        Wire::Messages => messages(reply, meter),
    };
    let after = match reply.ending {
        Ending::Stop | Ending::Refusal | Ending::Unscripted => After::Close,
        Ending::Cut => After::Break,
        Ending::Silence => After::Repeat(keep_alive(wire), KEEP_ALIVE),
    };
    (beats, after)
}

/// Why a request is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// It can't be read, or asks for something else than a stream.
    BadRequest,
    /// Nobody of that name speaks this protocol here.
    UnknownModel,
    /// The model is scripted to be over its limit.
    Limited,
}

impl Denial {
    /// Returns the body of the error answer, `message` being for a person; both protocols have words of their own.
    pub(crate) fn body(self, wire: Wire, message: &str) -> Value {
        let kind = match (wire, self) {
            (Wire::Chat | Wire::Messages, Self::BadRequest) => "invalid_request_error",
            (Wire::Chat, Self::UnknownModel) => "model_not_found",
            (Wire::Chat, Self::Limited) => "rate_limit_exceeded",
            (Wire::Messages, Self::UnknownModel) => "not_found_error",
            (Wire::Messages, Self::Limited) => "rate_limit_error",
        };
        match wire {
            Wire::Chat => json!({"error": {"message": message, "type": kind, "param": null, "code": kind}}),
            Wire::Messages => json!({"type": "error", "error": {"type": kind, "message": message}}),
        }
    }
}

fn keep_alive(wire: Wire) -> Bytes {
    match wire {
        Wire::Chat => Bytes::from_static(b": keep-alive\n\n"),
        Wire::Messages => Bytes::from_static(b"event: ping\ndata: {\"type\": \"ping\"}\n\n"),
    }
}

fn chat(reply: &Reply, meter: Meter) -> Vec<Beat> {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({"id": reply.id, "object": "chat.completion.chunk", "created": 0, "model": reply.model,
                           "choices": choices, "usage": usage});
        format!("data: {chunk}\n\n")
    };
    let choice = |delta: Value, finish: Value| {
        chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}]), Value::Null)
    };
    let mut score = Score::default();
    if reply.ending == Ending::Silence {
        return score.beats;
    }
    score.add(Duration::ZERO, choice(json!({"role": "assistant", "content": ""}), Value::Null));
    for piece in &reply.reasoning {
        score.add(piece.at, choice(json!({"reasoning_content": piece.text}), Value::Null));
    }
    for piece in &reply.text {
        let delta = match reply.ending {
            Ending::Refusal => json!({"refusal": piece.text, "content": null}),
            Ending::Stop | Ending::Unscripted | Ending::Cut | Ending::Silence => json!({"content": piece.text}),
        };
        score.add(piece.at, choice(delta, Value::Null));
    }
    if reply.ending == Ending::Unscripted {
        score.add(Duration::ZERO, choice(json!({"refusal": UNSCRIPTED}), Value::Null));
    }
    if reply.ending == Ending::Cut {
        return score.beats;
    }
    // A refusal ends with `stop` too: on this wire only the delta tells (recorded streams, OpenAI's documentation).
    score.add(Duration::ZERO, choice(json!({}), json!("stop")));
    if meter.is_wanted {
        let (n_reasoning, n_text) = (n_tokens(&reply.reasoning), n_tokens(&reply.text));
        let n_output = n_reasoning + n_text;
        let usage = json!({"prompt_tokens": meter.n_input_tokens, "completion_tokens": n_output,
                           "total_tokens": meter.n_input_tokens + n_output,
                           "completion_tokens_details": {"reasoning_tokens": n_reasoning}});
        score.add(Duration::ZERO, chunk(json!([]), usage));
    }
    score.add(Duration::ZERO, "data: [DONE]\n\n".to_owned());
    score.beats
}

fn messages(reply: &Reply, meter: Meter) -> Vec<Beat> {
    let event = |data: Value| {
        let kind = data.get("type").and_then(Value::as_str).unwrap_or_default();
        format!("event: {kind}\ndata: {data}\n\n")
    };
    let mut score = Score::default();
    let message = json!({"id": reply.id, "type": "message", "role": "assistant", "model": reply.model, "content": [],
                         "stop_reason": null, "stop_sequence": null,
                         "usage": {"input_tokens": meter.n_input_tokens, "output_tokens": 1}});
    score.add(Duration::ZERO, event(json!({"type": "message_start", "message": message})));
    score.add(Duration::ZERO, event(json!({"type": "ping"})));
    if reply.ending == Ending::Silence {
        return score.beats;
    }
    let blocks = [("thinking", "thinking_delta", &reply.reasoning), ("text", "text_delta", &reply.text)];
    let spoken = blocks.into_iter().filter(|(.., pieces)| !pieces.is_empty());
    for (index, (kind, delta_kind, pieces)) in spoken.enumerate() {
        let start = json!({"type": "content_block_start", "index": index, "content_block": {"type": kind, kind: ""}});
        score.add(Duration::ZERO, event(start));
        for piece in pieces {
            let delta = json!({"type": delta_kind, kind: piece.text});
            score.add(piece.at, event(json!({"type": "content_block_delta", "index": index, "delta": delta})));
        }
        if reply.ending == Ending::Cut && kind == "text" {
            return score.beats;
        }
        score.add(Duration::ZERO, event(json!({"type": "content_block_stop", "index": index})));
    }
    let (reason, details) = match reply.ending {
        Ending::Refusal => ("refusal", Value::Null),
        Ending::Unscripted => ("refusal", json!({"type": "refusal", "category": null, "explanation": UNSCRIPTED})),
        Ending::Stop | Ending::Cut | Ending::Silence => ("end_turn", Value::Null),
    };
    let n_output = n_tokens(&reply.reasoning) + n_tokens(&reply.text);
    score.add(
        Duration::ZERO,
        event(json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null, "stop_details": details},
                     "usage": {"output_tokens": n_output}})),
    );
    score.add(Duration::ZERO, event(json!({"type": "message_stop"})));
    score.beats
}

/// Beats in order of time.
#[derive(Default)]
struct Score {
    beats: Vec<Beat>,
}

impl Score {
    /// Adds bytes that are due at `at`, or with the beat before them where that is later.
    fn add(&mut self, at: Duration, text: String) {
        let at = self.beats.last().map_or(at, |last| last.at.max(at));
        self.beats.push(Beat { at, bytes: Bytes::from(text) });
    }
}

fn n_tokens(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.n_tokens).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(wire: Wire, ending: Ending) -> (String, After) {
        let piece = |at_ms, text: &str| Piece { at: Duration::from_millis(at_ms), text: text.to_owned(), n_tokens: 1 };
        let reply = Reply {
            id: "demo-1".to_owned(),
            model: "aspen".to_owned(),
            reasoning: vec![piece(5, "Hm.")],
            text: vec![piece(10, "Not"), piece(20, " sure.")],
            ending,
        };
        let (beats, after) = encode(wire, &reply, Meter { n_input_tokens: 3, is_wanted: true });
        assert!(beats.is_sorted_by_key(|beat| beat.at));
        (beats.iter().map(|beat| str::from_utf8(&beat.bytes).unwrap()).collect(), after)
    }

    #[test]
    fn only_whole_answers_carry_an_end_marker() {
        let rows = [(Wire::Chat, "data: [DONE]\n\n"), (Wire::Messages, "data: {\"type\":\"message_stop\"}\n\n")];
        for (wire, marker) in rows {
            for ending in [Ending::Stop, Ending::Refusal, Ending::Unscripted, Ending::Cut, Ending::Silence] {
                let (body, after) = said(wire, ending);
                let is_whole = matches!(ending, Ending::Stop | Ending::Refusal | Ending::Unscripted);
                assert_eq!(body.ends_with(marker), is_whole, "{wire:?} {ending:?}: {body}");
                assert_eq!(after == After::Close, is_whole);
                assert_eq!(body.contains(" sure."), ending != Ending::Silence);
            }
        }
    }

    #[test]
    fn a_refusal_says_so_in_the_words_of_its_wire() {
        assert!(said(Wire::Chat, Ending::Refusal).0.contains("\"refusal\":\"Not\""));
        assert!(said(Wire::Messages, Ending::Refusal).0.contains("\"stop_reason\":\"refusal\""));
    }

    #[test]
    fn a_reply_without_a_script_is_text_beside_a_refusal() {
        let (body, _) = said(Wire::Chat, Ending::Unscripted);
        assert!(body.contains("\"content\":\"Not\"") && body.contains("\"refusal\":\"this demo"), "{body}");
        let (body, _) = said(Wire::Messages, Ending::Unscripted);
        assert!(body.contains("\"text\":\"Not\"") && body.contains("\"explanation\":\"this demo"), "{body}");
    }

    #[test]
    fn usage_counts_reasoning_as_output() {
        let (body, _) = said(Wire::Chat, Ending::Stop);
        assert!(body.contains("\"completion_tokens\":3") && body.contains("\"reasoning_tokens\":1"), "{body}");
        let (body, _) = said(Wire::Messages, Ending::Stop);
        assert!(body.contains("\"usage\":{\"output_tokens\":3}"), "{body}");
    }
}

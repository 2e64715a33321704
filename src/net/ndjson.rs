//! One JSON text a line, out of bytes, without a socket.

use crate::net::error::TooLarge;
use crate::net::lines::{Lines, text};

/// A decoder that is fed pieces of any size.
#[derive(Debug, Default)]
pub struct NdjsonDecoder(Lines);

impl NdjsonDecoder {
    /// Takes the next piece and hands every line that it completes to `each`; blank lines are passed over, bytes that
    /// are not UTF-8 are replaced.
    ///
    /// # Errors
    /// When a line or the whole is longer than accepted; lines that were complete before have been handed on.
    pub fn push(&mut self, piece: &[u8], mut each: impl FnMut(&str)) -> Result<(), TooLarge> {
        self.0.push(piece, |line, _| hand_on(line, &mut each))
    }

    /// Hands on the line that the stream ended in, if any, and starts anew.
    pub fn end(&mut self, mut each: impl FnMut(&str)) {
        self.0.end(|line| hand_on(line, &mut each));
    }
}

fn hand_on(line: &[u8], each: &mut impl FnMut(&str)) {
    if !line.trim_ascii().is_empty() {
        each(&text(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_at_every_cut() {
        let body = "{\"a\":1}\r\n\n  \n{\"b\":\"ü\"}";
        for cut in 0..=body.len() {
            let (left, right) = body.as_bytes().split_at(cut);
            let mut decoder = NdjsonDecoder::default();
            let mut out = Vec::new();
            decoder.push(left, |line| out.push(line.to_owned())).unwrap();
            decoder.push(right, |line| out.push(line.to_owned())).unwrap();
            decoder.end(|line| out.push(line.to_owned()));
            assert_eq!(out, ["{\"a\":1}", "{\"b\":\"ü\"}"], "cut at {cut}");
        }
    }
}

//! How much fits into little: texts that are read as a whole are deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// The most that one packed text may come to: a turn of eight answers of 10 MB each, event by event.
const MOST_BYTES: u64 = 1 << 30;

/// Returns the bytes deflated.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Memory takes everything.
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
}

/// Returns the text that was packed; one that was never packed comes back as it is. What cannot be read is left out.
pub(super) fn unpack(bytes: &[u8]) -> String {
    // The first byte of a deflated text; no line of JSON begins with it.
    if bytes.first() != Some(&0x78) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut unpacked = Vec::new();
    // Half of a text is better than none.
    let _ = ZlibDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut unpacked);
    String::from_utf8_lossy(&unpacked).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_what_is_not_stays() {
        for text in ["", "{}", "{\"at_ns\":1}\n", &"é\n".repeat(10_000)] {
            assert_eq!(unpack(&pack(text.as_bytes())), text);
            assert_eq!(unpack(text.as_bytes()), text);
        }
        assert!(pack("again ".repeat(1_000).as_bytes()).len() < 100);
    }
}

//! Decodes gzip in memory: bodies of HTTP messages, and `CloudWatch`'s subscription data.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::Decoded;
use crate::document::SourceMap;
use crate::steps;

/// What could be decoded from gzip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gunzipped {
    /// The decoded text. All of it maps to all of the outer text.
    pub(crate) decoded: Decoded,
    /// Whether this is all of the text: the gzip is neither damaged nor over the limit.
    pub(crate) is_complete: bool,
}

/// Decodes as many bytes of gzip, of one or more members, as there are, up to a limit.
pub(crate) fn gzip_prefix(outer: &[u8], limit: usize) -> Option<Gunzipped> {
    if !outer.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut decoder = MultiGzDecoder::new(outer).take(limit as u64);
    let mut text = Vec::new();
    // What was decoded before an error is in `text`.
    let is_intact = decoder.read_to_end(&mut text).is_ok();
    let is_complete = is_intact && ends(decoder.into_inner());
    steps::add(outer.len() + text.len());
    let mut map = SourceMap::new();
    map.unit(text.len(), 0..outer.len());
    Some(Gunzipped {
        decoded: Decoded { text, map },
        is_complete,
    })
}

fn ends(mut decoder: MultiGzDecoder<&[u8]>) -> bool {
    matches!(decoder.read(&mut [0]), Ok(0))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(outer: &[u8], limit: usize) -> Option<Decoded> {
        let gunzipped = gzip_prefix(outer, limit)?;
        gunzipped.is_complete.then_some(gunzipped.decoded)
    }

    fn compress(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn members_are_joined_and_map_to_all_of_the_gzip() {
        let outer = [compress(b"{\"Action\": "), compress(b"\"A\"}")].concat();
        let decoded = gzip(&outer, 100).unwrap();
        assert_eq!(decoded.text, b"{\"Action\": \"A\"}");
        assert_eq!(decoded.map.range(2..8), 0..outer.len());
    }

    #[test]
    fn a_text_over_the_limit_is_none() {
        let outer = compress(&vec![b'a'; 1_000_000]);
        assert!(gzip(&outer, 1_000_000).is_some());
        assert_eq!(gzip(&outer, 999_999), None);
        let gunzipped = gzip_prefix(&outer, 1000).unwrap();
        assert_eq!(
            (gunzipped.decoded.text.len(), gunzipped.is_complete),
            (1000, false)
        );
    }

    #[test]
    fn damaged_gzip_is_decoded_up_to_the_damage() {
        let text: Vec<u8> = (0..5000_u32)
            .flat_map(|number| number.to_string().into_bytes())
            .collect();
        let outer = compress(&text);
        let half = &outer[..outer.len() / 2];
        assert_eq!(gzip(half, usize::MAX), None);
        let gunzipped = gzip_prefix(half, usize::MAX).unwrap();
        assert!(!gunzipped.is_complete && gunzipped.decoded.text.len() > 1000);
        assert!(text.starts_with(&gunzipped.decoded.text));
        assert_eq!(gzip(b"{}", 10), None);
        assert_eq!(gzip(&outer[..2], 10), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn compressed_texts_are_decoded(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(gzip(&compress(&text), 300).unwrap().text, text);
        }

        #[test]
        fn damaged_bytes_do_not_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut outer = compress(b"{\"Action\": \"IntegrationEnabled\"}");
            let at = at.index(outer.len());
            outer[at] = byte;
            let _ = gzip_prefix(&outer, 1000);
        }
    }
}

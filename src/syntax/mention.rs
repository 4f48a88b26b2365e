//! Whether a word may stand in a text, told without looking through the text again.

/// As many bits as triples of bytes are told apart by: a few hundred triples leave most of them clear.
const BITS: usize = 4096;
const LEN: usize = 3;

/// The triples of bytes in a text. Most words have one that most texts don't.
#[derive(Clone, Debug)]
pub(super) struct Triples([u64; BITS / 64]);

impl Triples {
    pub(super) fn of(text: &str) -> Self {
        let mut bits = [0; BITS / 64];
        if let [a, b, rest @ ..] = text.as_bytes() {
            let mut number = u32::from(*a) << 8 | u32::from(*b);
            for &c in rest {
                number = number << 8 | u32::from(c);
                let at = place(number);
                bits[at / 64] |= 1 << (at % 64);
            }
        }
        Self(bits)
    }

    /// False if `word` stands nowhere in the text.
    #[inline]
    pub(super) fn may_hold(&self, word: &str) -> bool {
        let has = |at: usize| self.0[at / 64] & 1 << (at % 64) != 0;
        word.as_bytes().windows(LEN).all(|w| has(place(u32::from_be_bytes([0, w[0], w[1], w[2]]))))
    }
}

/// Where the bit of a triple is: that of its three bytes in the low end of `number`.
fn place(number: u32) -> usize {
    // The multiplier is that of Knuth's multiplicative hashing: the golden ratio in 32 bits. What stands above the
    // three bytes is shifted out.
    ((number << 8).wrapping_mul(0x9e37_79b1) >> (32 - BITS.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_words_that_are_not_there_are_told() {
        let text = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*";
        let triples = Triples::of(text);
        for word in ["apt-get", "curl", "rm -rf", "*", "", "RU", text] {
            assert!(triples.may_hold(word), "{word}");
        }
        let others = ["npm", "yarn", "pip", "poetry", "cargo", "bundle", "composer", "gradle", "dotnet", "wget"];
        // A word of three letters has one triple, which may share its bit.
        assert!(others.into_iter().filter(|word| triples.may_hold(word)).count() <= 1);
    }

    proptest::proptest! {
        #[test]
        fn no_word_that_is_there_is_missed(text in "[a-c\u{e9}]{0,40}", word in "[a-c\u{e9}]{0,5}") {
            proptest::prop_assert!(!text.contains(&word) || Triples::of(&text).may_hold(&word));
        }
    }
}

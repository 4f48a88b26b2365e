//! "Did you mean": the candidate nearest to a misspelt word.

use std::cell::Cell;

/// Words with more characters are compared with nothing: no name that somebody types is so long.
const MOST_CHARACTERS: usize = 64;

/// So many pairs of characters are compared for one file at most, about 20 ms of them.
const MOST_COMPARED: usize = 8_000_000;

/// What a candidate costs that its length rules out, in pairs of characters.
const LOOK: usize = 16;

/// The candidate nearest to `word`, case ignored, if no more than a third of the longer one's
/// characters differ. The first of equally near ones wins.
pub fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    search(word, candidates, &mut 0)
}

/// The same for the many words of one file, in a time that has an end: when that is over, nothing is found any more.
#[derive(Debug)]
pub struct Suggestions {
    left: Cell<usize>,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { left: Cell::new(MOST_COMPARED) }
    }
}

impl Suggestions {
    /// Whether the time is over.
    pub fn are_over(&self) -> bool {
        self.left.get() == 0
    }

    /// The same as [`closest`], which looks at all candidates or at none.
    pub fn closest<'a, I: Iterator<Item = &'a str>>(
        &self,
        word: &str,
        candidates: impl FnOnce() -> I,
    ) -> Option<&'a str> {
        if self.are_over() {
            return None;
        }
        let mut compared = 0;
        let found = search(word, candidates(), &mut compared);
        self.left.set(self.left.get().saturating_sub(compared));
        found
    }
}

/// Adds to `compared` what it took.
fn search<'a>(word: &str, candidates: impl Iterator<Item = &'a str>, compared: &mut usize) -> Option<&'a str> {
    let word = lowercase(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        *compared += LOOK;
        let Some(other) = lowercase(candidate) else { continue };
        let allowed = word.len().max(other.len()) / 3;
        // A later one has to be nearer than the best one so far.
        let most = match best {
            Some((0, _)) => break,
            Some((distance, _)) => allowed.min(distance - 1),
            None => allowed,
        };
        // The lengths alone often rule a candidate out.
        if word.len().abs_diff(other.len()) > most {
            continue;
        }
        if let Some(distance) = distance(&word, &other, most, compared) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The characters in lower case, unless there are too many.
fn lowercase(word: &str) -> Option<Vec<char>> {
    // No character has more than four bytes.
    if word.len() > 4 * MOST_CHARACTERS {
        return None;
    }
    let chars: Vec<char> = if word.is_ascii() {
        word.bytes().map(|b| b.to_ascii_lowercase().into()).collect()
    } else {
        word.to_lowercase().chars().collect()
    };
    (chars.len() <= MOST_CHARACTERS).then_some(chars)
}

/// The number of characters to insert, delete, replace or swap with their neighbour, if it is at most `most`. `b` has
/// at most [`MOST_CHARACTERS`].
fn distance(a: &[char], b: &[char], most: usize, compared: &mut usize) -> Option<usize> {
    const FAR: usize = usize::MAX / 2;
    let mut before = [FAR; MOST_CHARACTERS + 1];
    let mut last: [usize; MOST_CHARACTERS + 1] = std::array::from_fn(|j| j);
    let mut row = before;
    let mut least_before = 0;
    for i in 1..=a.len() {
        // Who is further from the diagonal has inserted or deleted more than is allowed.
        let (from, to) = (i.saturating_sub(most).max(1), (i + most).min(b.len()));
        row[from - 1] = if from == 1 { i } else { FAR };
        let mut least = row[from - 1];
        for j in from..=to {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
            least = least.min(row[j]);
        }
        *compared += (to + 1).saturating_sub(from);
        if to < b.len() {
            row[to + 1] = FAR;
        }
        // A swap goes on from the row before.
        if least > most && least_before >= most {
            return None;
        }
        least_before = least;
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[b.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(word: &str) -> Option<&'static str> {
        closest(word, ["select", "ignore", "fail-level", "off", "DL3008"].into_iter())
    }

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(near("ingore"), Some("ignore"));
        assert_eq!(near("SELEKT"), Some("select"));
        assert_eq!(near("fail_level"), Some("fail-level"));
        assert_eq!(near("dl3080"), Some("DL3008"));
        assert_eq!(near("of"), Some("off"));
        assert_eq!(near("select"), Some("select"));
    }

    #[test]
    fn stays_silent_when_nothing_is_near() {
        assert_eq!(near("extends"), None);
        assert_eq!(near(""), None);
        assert_eq!(near("on"), None);
        assert_eq!(closest("", [""].into_iter()), Some(""));
    }

    /// All rows in full.
    fn plain_distance(a: &[char], b: &[char]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                rows[i][j] = match (i, j) {
                    (0, n) | (n, 0) => n,
                    _ => {
                        let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let swaps = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                        let swapped = if swaps { rows[i - 2][j - 2] + 1 } else { usize::MAX };
                        replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(swapped)
                    }
                };
            }
        }
        rows[a.len()][b.len()]
    }

    proptest::proptest! {
        #[test]
        fn the_band_around_the_diagonal_is_enough(a in "[abc]{0,12}", b in "[abc]{0,12}", most in 0usize..8) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let plain = Some(plain_distance(&a, &b)).filter(|distance| *distance <= most);
            let enough = if a.len().abs_diff(b.len()) > most { None } else { distance(&a, &b, most, &mut 0) };
            proptest::prop_assert_eq!(enough, plain);
        }
    }

    #[test]
    fn long_words_are_compared_with_nothing() {
        let name = |length: usize| "A".repeat(length - 1) + "B";
        let near = |length: usize| closest(&name(length), ["A".repeat(length).as_str()].into_iter()).is_some();
        assert!(near(64) && !near(65) && !near(1_000));
        let mut compared = 0;
        search(&name(60_000), ["A".repeat(60_000).as_str()].into_iter(), &mut compared);
        assert_eq!(compared, 0);
        search("A", std::iter::once("A".repeat(60_000).as_str()), &mut compared);
        assert_eq!(compared, LOOK);
    }

    #[test]
    fn the_words_of_one_file_are_compared_so_often_and_no_more() {
        let names: Vec<String> = (0..2_000).map(|i| format!("SOMENAME{i:04}")).collect();
        let suggestions = Suggestions::default();
        let mut asked = 0;
        let near = |i: usize| {
            suggestions.closest(&format!("SOMENAMX{i:04}"), || {
                asked += 1;
                names.iter().map(String::as_str)
            })
        };
        let found: Vec<Option<&str>> = (0..2_000).map(near).collect();
        assert_eq!(found[0], Some("SOMENAME0000"));
        assert_eq!(found[20], Some("SOMENAME0020"));
        assert!(suggestions.are_over() && found[1_999].is_none());
        assert!(asked < 500, "{asked}");
    }
}

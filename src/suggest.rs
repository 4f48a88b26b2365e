//! "Did you mean": the candidate nearest to a misspelt word.

/// The candidate nearest to `word`, case ignored, if no more than a third of the longer one's
/// characters differ. The first of equally near ones wins.
pub fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other: Vec<char> = candidate.to_lowercase().chars().collect();
        let allowed = word.len().max(other.len()) / 3;
        // The lengths alone often rule a candidate out.
        if word.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let distance = distance(&word, &other);
        if distance <= allowed && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The number of characters to insert, delete, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = before.clone();
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
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
}

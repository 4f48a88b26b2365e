//! How likely a set of changes is to be part of a commit.

use std::ops::BitOrAssign;

/// From this many commits on the history speaks for itself; below, only the assumption counts.
pub const ENOUGH: usize = 10;
/// The weight of the assumption beside a history: it only ranks what the history sees as equal.
const RANKING: f64 = 1e-6;
/// No assumption goes further: some commits change only what no image holds.
const ASSUMED_MOST: f64 = 0.95;

/// What is known of how often the files of a context change. Paths are relative to the context, with
/// `/` between names; what the context leaves out is not among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The paths that each commit changed, newest commit first.
    pub commits: Vec<Vec<String>>,
    /// What is assumed without a history. The kinds of files change independently of each other.
    pub assumed: Vec<Assumed>,
}

/// Files that are assumed to change together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assumed {
    /// Paths that stand for them.
    pub paths: Vec<String>,
    /// The chance, 0 to 1, that a commit changes one of them.
    pub chance: f64,
}

impl Evidence {
    /// Whether the commits are enough to measure by.
    pub fn is_measured(&self) -> bool {
        self.commits.len() >= ENOUGH
    }

    /// How many changes there are: commits first, then kinds.
    pub fn changes(&self) -> usize {
        self.commits.len() + self.assumed.len()
    }

    /// The paths of a change.
    pub(super) fn paths(&self, change: usize) -> &[String] {
        match change.checked_sub(self.commits.len()) {
            None => &self.commits[change],
            Some(kind) => &self.assumed[kind].paths,
        }
    }

    /// The chance, 0 to 1, that a commit makes at least one of `changes`.
    pub(super) fn chance(&self, changes: &Changes) -> f64 {
        let commits = self.commits.len();
        let kinds = changes.from(commits).filter_map(|change| self.assumed.get(change - commits));
        let unchanged: f64 = kinds.map(|kind| 1.0 - kind.chance).product();
        let assumed = (1.0 - unchanged).min(ASSUMED_MOST);
        if self.is_measured() {
            (self.hits(changes) as f64 / commits as f64 + RANKING * assumed).min(1.0)
        } else {
            assumed
        }
    }

    /// How many commits make at least one of `changes`.
    pub(super) fn hits(&self, changes: &Changes) -> usize {
        changes.count_below(self.commits.len())
    }
}

/// A set of changes, by their number in an [`Evidence`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    bits: Vec<u64>,
}

impl Changes {
    pub(super) fn insert(&mut self, change: usize) {
        let word = change / 64;
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (change % 64);
    }

    /// Those from `first` on, in order.
    fn from(&self, first: usize) -> impl Iterator<Item = usize> {
        let words = self.bits.iter().enumerate().skip(first / 64);
        let changes = words.flat_map(|(at, &word)| {
            let rest = |left: &u64| Some(left & (left - 1)).filter(|&left| left != 0);
            let words = std::iter::successors(Some(word).filter(|&word| word != 0), rest);
            words.map(move |left| at * 64 + left.trailing_zeros() as usize)
        });
        changes.skip_while(move |&change| change < first)
    }

    /// How many of them are below `end`.
    fn count_below(&self, end: usize) -> usize {
        let whole = self.bits.iter().take(end / 64).map(|word| word.count_ones() as usize).sum::<usize>();
        let last = self.bits.get(end / 64).map_or(0, |word| (word & !(u64::MAX << (end % 64))).count_ones());
        whole + last as usize
    }

    pub(super) fn has(&self, change: usize) -> bool {
        self.bits.get(change / 64).is_some_and(|word| word >> (change % 64) & 1 == 1)
    }
}

impl BitOrAssign<&Changes> for Changes {
    fn bitor_assign(&mut self, other: &Changes) {
        if self.bits.len() < other.bits.len() {
            self.bits.resize(other.bits.len(), 0);
        }
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a |= b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(list: &[usize]) -> Changes {
        let mut set = Changes::default();
        list.iter().for_each(|&i| set.insert(i));
        set
    }

    #[test]
    fn a_history_of_ten_commits_counts_and_a_shorter_one_does_not() {
        let mut evidence =
            Evidence { commits: vec![Vec::new(); 10], assumed: vec![Assumed { chance: 0.5, ..Assumed::default() }; 2] };
        assert!((evidence.chance(&changes(&[0, 1, 2])) - 0.3).abs() < 1e-5);
        assert!(evidence.chance(&changes(&[0, 10])) > evidence.chance(&changes(&[0])), "the assumption breaks ties");
        evidence.commits.pop();
        assert!((evidence.chance(&changes(&[0, 9, 10])) - 0.75).abs() < 1e-9);
        assert_eq!(evidence.hits(&changes(&[0, 8, 9])), 2);
        assert_eq!(evidence.chance(&Changes::default()), 0.0);
    }

    #[test]
    fn sets_are_counted_and_gone_through() {
        let all = [0, 1, 63, 64, 65, 127, 128, 200];
        let set = changes(&all);
        for edge in 0..=260 {
            assert_eq!(set.count_below(edge), all.iter().filter(|&&i| i < edge).count(), "{edge}");
            let rest: Vec<usize> = all.iter().copied().filter(|&i| i >= edge).collect();
            assert_eq!(set.from(edge).collect::<Vec<_>>(), rest, "{edge}");
        }
    }

    #[test]
    fn sets_unite() {
        let mut a = changes(&[1, 70]);
        a |= &changes(&[2, 200]);
        assert!([1, 2, 70, 200].into_iter().all(|i| a.has(i)) && !a.has(3) && !a.has(1000));
    }
}

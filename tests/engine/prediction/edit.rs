//! What happens between two builds.

use super::generate::{KINDS, file, ignore, keep_sources, next_id};
use super::lines::{Place, make};
use super::random::Random;
use super::recipe::{Item, Kind, Line, Recipe};
use crate::engine::Builder;

/// A change. One that finds nothing to change does nothing, so that a pair can lose lines and files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Every file is written again, with another time.
    Touch,
    Write(String, String),
    Mode(String, u32),
    New(String, Item),
    Delete(String),
    Rename(String, String),
    /// The line with this number gets another text.
    Change(u32, String),
    Remove(u32),
    Swap(u32, u32),
    /// The new line comes behind the one with this number.
    Insert(u32, Line),
    /// The value of a build argument; none if it is no longer given.
    Argument(String, Option<String>),
}

impl Edit {
    pub fn apply(&self, recipe: &mut Recipe) {
        let find = |recipe: &Recipe, id: u32| recipe.lines.iter().position(|l| l.id == id);
        match self {
            Edit::Touch => {}
            Edit::Write(path, new) => {
                if let Some(Item::File { content, .. }) = recipe.files.get_mut(path) {
                    content.clone_from(new);
                }
            }
            Edit::Mode(path, new) => {
                if let Some(Item::File { mode, .. }) = recipe.files.get_mut(path) {
                    *mode = *new;
                }
            }
            Edit::New(path, item) => drop(recipe.files.insert(path.clone(), item.clone())),
            Edit::Delete(path) => drop(recipe.files.remove(path)),
            Edit::Rename(from, to) => {
                if let Some(item) = recipe.files.remove(from) {
                    recipe.files.insert(to.clone(), item);
                }
            }
            Edit::Change(id, text) => {
                if let Some(at) = find(recipe, *id) {
                    recipe.lines[at].text.clone_from(text);
                    let line = recipe.lines[at].clone();
                    keep_sources(&mut recipe.lines, &line);
                }
            }
            Edit::Remove(id) => recipe.lines.retain(|l| l.id != *id),
            Edit::Swap(a, b) => {
                if let (Some(a), Some(b)) = (find(recipe, *a), find(recipe, *b)) {
                    recipe.lines.swap(a, b);
                }
            }
            Edit::Insert(id, line) => {
                if let Some(at) = find(recipe, *id) {
                    keep_sources(&mut recipe.lines, line);
                    recipe.lines.insert(at + 1, line.clone());
                }
            }
            Edit::Argument(name, value) => {
                recipe.arguments.retain(|(n, _)| n != name);
                recipe.arguments.extend(value.iter().map(|v| (name.clone(), v.clone())));
            }
        }
    }
}

/// A few changes of `recipe`, each made after the one before it.
pub fn edits(random: &mut Random, recipe: &Recipe, builder: Builder) -> Vec<Edit> {
    let mut recipe = recipe.clone();
    let mut list = Vec::new();
    for _ in 0..random.weighted(&[(6, 1), (3, 2), (1, 3)]) {
        // Not every place has something for every kind of change.
        let found = (0..20).find_map(|_| {
            let edit = edit(random, &recipe, builder)?;
            let next = edited(&recipe, std::slice::from_ref(&edit));
            next.can_be_foreseen().then_some((edit, next))
        });
        if let Some((edit, next)) = found {
            recipe = next;
            list.push(edit);
        }
    }
    list
}

#[derive(Clone, Copy)]
enum Sort {
    Touch,
    Write,
    Mode,
    Link,
    New,
    Delete,
    Rename,
    Ignore,
    Change,
    Remove,
    Reform,
    Swap,
    Insert,
    Argument,
}

const SORTS: &[(usize, Sort)] = &[
    (2, Sort::Touch),
    (16, Sort::Write),
    (6, Sort::Mode),
    (2, Sort::Link),
    (5, Sort::New),
    (4, Sort::Delete),
    (4, Sort::Rename),
    (5, Sort::Ignore),
    (24, Sort::Change),
    (8, Sort::Remove),
    (6, Sort::Reform),
    (8, Sort::Swap),
    (10, Sort::Insert),
    (14, Sort::Argument),
];

fn edit(random: &mut Random, recipe: &Recipe, builder: Builder) -> Option<Edit> {
    let paths: Vec<&String> = recipe.files.keys().filter(|p| !p.ends_with(".dockerignore")).collect();
    let path = (*random.pick(&paths)?).clone();
    let named = recipe.lines.iter().any(|l| l.text.contains(&path));
    let free: Vec<usize> = (0..recipe.lines.len()).filter(|&at| is_free(&recipe.lines[at])).collect();
    // What others depend on is worth more tries.
    let variables: Vec<usize> =
        free.iter().copied().filter(|&at| matches!(recipe.lines[at].kind, Kind::Env | Kind::Arg)).collect();
    let among = if random.chance(25) && !variables.is_empty() { &variables } else { &free };
    let any = random.pick(among).copied();
    Some(match random.weighted(SORTS) {
        Sort::Touch => Edit::Touch,
        Sort::Write => Edit::Write(path, format!("{} NONCE\n", random.word())),
        Sort::Link if recipe.files.contains_key("link") && recipe.files.contains_key("b.txt") => {
            Edit::New("link".to_owned(), Item::Link("b.txt".to_owned()))
        }
        Sort::Mode => Edit::Mode(path, random.one(&[0o644, 0o755, 0o600, 0o640])),
        Sort::New => Edit::New(new_path(random), file(random)),
        Sort::Delete if !named && recipe.files.len() > 3 => Edit::Delete(path),
        Sort::Rename if !named => Edit::Rename(path, new_path(random)),
        Sort::Ignore if recipe.files.contains_key(".dockerignore") || random.chance(30) => {
            let own = recipe.files.contains_key("Dockerfile.dockerignore") && random.chance(50);
            let path = if own { "Dockerfile.dockerignore" } else { ".dockerignore" };
            Edit::New(path.to_owned(), ignore(random))
        }
        Sort::Change => change(random, recipe, any?, builder)?,
        Sort::Remove => Some(&recipe.lines[any?]).filter(|l| !l.kept).map(|l| Edit::Remove(l.id))?,
        Sort::Reform => reform(random, &recipe.lines[any?])?,
        Sort::Swap => swap(random, recipe, any?)?,
        Sort::Insert => {
            let above: Vec<usize> = (0..recipe.lines.len()).filter(|&at| recipe.stage_at(at).is_some()).collect();
            let at = random.pick(&above).copied().filter(|&at| has_own(recipe, at))?;
            let kind = random.weighted(KINDS);
            let line = make(random, kind, &Place::at(recipe, at + 1, builder), next_id(recipe) + 1000)?;
            Edit::Insert(recipe.lines[at].id, line)
        }
        Sort::Argument => {
            let name = random.one(&["A1", "A2", "A3"]).to_owned();
            Edit::Argument(name, random.chance(75).then(|| random.word()))
        }
        _ => return None,
    })
}

fn is_free(line: &Line) -> bool {
    !matches!(line.kind, Kind::From | Kind::Own) && !line.text.starts_with("ARG BASE")
}

/// Whether the first step of a stage would still be the pair's own with a line behind the one at `at`.
fn has_own(recipe: &Recipe, at: usize) -> bool {
    recipe.lines.get(at + 1).is_none_or(|next| next.kind != Kind::Own)
}

fn new_path(random: &mut Random) -> String {
    let folder = random.one(&["", "src/", "src/deep/", "docs/", "conf/", "more/"]);
    let suffix = random.one(&["txt", "md", "js", "conf"]);
    format!("{folder}{}.{suffix}", random.word())
}

/// Another word in the line, or another line of its kind.
fn change(random: &mut Random, recipe: &Recipe, at: usize, builder: Builder) -> Option<Edit> {
    let line = &recipe.lines[at];
    let is_word = |w: &&str| w.len() > 1 && w.starts_with('w') && w[1..].bytes().all(|b| b.is_ascii_digit());
    let words: Vec<&str> = line.text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_word).collect();
    if let Some(word) = random.pick(&words)
        && random.chance(60)
    {
        return Some(Edit::Change(line.id, line.text.replacen(word, &random.word(), 1)));
    }
    let place = Place::at(recipe, at, builder);
    let new = make(random, line.kind, &place, line.id).filter(|new| new.text != line.text)?;
    Some(Edit::Change(line.id, new.text))
}

/// The line written in another way.
fn reform(random: &mut Random, line: &Line) -> Option<Edit> {
    // A command's blanks are part of it, and its output would not show them.
    if matches!(line.kind, Kind::Comment | Kind::Output | Kind::Document) || line.text.contains('\n') {
        return None;
    }
    let (keyword, rest) = line.text.split_once(' ').filter(|(keyword, _)| !keyword.is_empty())?;
    let text = match random.below(5) {
        0 => format!("{} {rest}", keyword.to_ascii_lowercase()),
        1 => format!("{keyword}  {rest}"),
        2 => format!("{keyword} \\\n    {rest}"),
        3 => format!("{keyword} \\\n#note\n  {rest}"),
        _ => format!("  {keyword} {rest} "),
    };
    Some(Edit::Change(line.id, text))
}

/// Two neighbours change places.
fn swap(random: &mut Random, recipe: &Recipe, at: usize) -> Option<Edit> {
    let other = at + 1 + random.below(2);
    let both = [recipe.lines.get(at)?, recipe.lines.get(other)?];
    let fine = both.iter().all(|l| is_free(l)) && recipe.stage_at(at) == recipe.stage_at(other);
    fine.then(|| Edit::Swap(both[0].id, both[1].id))
}

/// The build after `edits`.
pub fn edited(recipe: &Recipe, edits: &[Edit]) -> Recipe {
    let mut recipe = recipe.clone();
    edits.iter().for_each(|edit| edit.apply(&mut recipe));
    recipe
}

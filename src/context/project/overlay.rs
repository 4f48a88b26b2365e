//! A context as it would be with another file in it.

use super::Project;
use crate::context::ignore_file::{IgnoreError, IgnoreFile, clean, in_force};
use std::path::Path;

impl Project {
    /// This context as it would be if the file at `path` held `text`. If that is the ignore file in
    /// force then, what it leaves out follows it. Nothing is written.
    ///
    /// # Errors
    /// If it is the ignore file, and no builder would read `text`.
    pub fn overlay(&self, path: &str, text: &str) -> Result<Self, IgnoreError> {
        let path = clean(path);
        let place = self.root.join(&path);
        let mut next = self.clone();
        let is_there = |file: &Path| {
            let known = self.overlay.keys().any(|path| self.root.join(path) == file);
            (file == place || known || self.ignore_path.as_deref() == Some(file) || file.is_file()).then_some(())
        };
        if in_force(&self.dockerfile, &self.root, self.builder, &is_there).is_some_and(|(file, ())| file == place) {
            next.ignore = IgnoreFile::parse(text)?.for_builder(self.builder);
            next.ignore_path = Some(place);
        }
        next.overlay.insert(path, text.to_owned());
        Ok(next)
    }
}

//! Folders of a RUN that are mounts, so that nothing in them gets into the layer.

use crate::syntax::{Instruction, mount_fields};

/// Whether `step` has a cache or a tmpfs where `is_place` says, or at a place that the file doesn't tell.
pub(super) fn is_mounted(step: &Instruction<'_>, is_place: impl Fn(&str) -> bool) -> bool {
    step.flags.iter().filter(|f| f.name() == "mount").any(|flag| {
        let Some(fields) = flag.value().and_then(mount_fields) else { return true };
        let get = |keys: &[&str]| fields.iter().find(|f| keys.contains(&f.key)).and_then(|f| f.value.as_deref());
        let target = get(&["target", "dst", "destination"]).unwrap_or_default();
        matches!(get(&["type"]), Some("cache" | "tmpfs"))
            && (target.contains('$') || is_place(target.trim_end_matches('/')))
    })
}

/// Whether `path` is `folder` or stands in it.
pub(super) fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

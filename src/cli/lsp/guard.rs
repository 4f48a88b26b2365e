//! A mistake of ours in one request is not the end of the session.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` gives, or the message of its panic. What it changed before it panicked stays as it is: the server keeps
/// nothing that is worth less than the session.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| {
        let text = cause.downcast_ref::<&str>().map(|s| (*s).to_owned());
        text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_a_message() {
        assert_eq!(guarded(|| 1), Ok(1));
        assert_eq!(guarded(|| panic!("no {}", "more")), Err::<(), _>("no more".to_owned()));
        assert_eq!(guarded(|| panic!("no")), Err::<(), _>("no".to_owned()));
    }
}

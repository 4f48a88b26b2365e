//! What `--fix` makes of the order of a file.

use layerwise::config::Builder;
use layerwise::diagnostic::Applicability;
use layerwise::lint::{Settings, fix};
use layerwise::rules::{Overrides, Selection, resolve};

/// `text` after `--fix` with the rules about order and merging only.
pub fn fixed_for(builder: Builder, text: &str) -> String {
    let select = Some(resolve("LW10").expect("there are order rules"));
    let overrides = Overrides { select, ..Overrides::default() };
    let settings = Settings {
        selection: Selection::new(None, &overrides),
        builder,
        project: None,
        histories: None,
        shellcheck: None,
    };
    let first = fix(text, &settings, Applicability::Safe);
    let again = fix(&first.text, &settings, Applicability::Safe);
    assert_eq!(again.text, first.text, "a second run changes nothing");
    assert!(first.oscillating.is_empty());
    first.text
}

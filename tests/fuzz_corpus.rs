//! The inputs that are kept from fuzzing, through the checks of the fuzz targets; and the generator of those, under
//! proptest.

#[path = "../fuzz/src/checks/mod.rs"]
mod checks;
#[path = "../fuzz/src/generate/mod.rs"]
mod generate;

use layerwise::diagnostic::Applicability;
use layerwise::syntax::parse;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The most bytes that all inputs together may have.
const MOST: usize = 100 * 1024;

#[test]
fn what_was_found_once_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fuzz");
    let targets: BTreeSet<String> = fs::read_dir(&folder)
        .expect("the inputs are there")
        .map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(targets, checks::ALL.map(|(name, _)| name.to_owned()).into());
    let mut bytes = 0;
    for (name, check) in checks::ALL {
        let mut inputs = 0;
        for entry in fs::read_dir(folder.join(name)).expect("each target has inputs") {
            let path = entry.expect("the folder can be read").path();
            let data = fs::read(&path).expect("an input can be read");
            bytes += data.len();
            inputs += 1;
            let kept = std::panic::catch_unwind(|| check(&data));
            assert!(kept.is_ok(), "{} does not hold for {}", name, path.display());
        }
        assert!(inputs > 0, "{name} has no input");
    }
    assert!(bytes <= MOST, "{bytes} bytes are kept: minimise them");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_files_are_read_checked_and_fixed(data in prop::collection::vec(any::<u8>(), 0..600)) {
        checks::check_generated(&data);
        checks::fix_generated(&data);
    }
}

#[test]
fn the_generator_makes_files_that_matter() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut byte = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 56) as u8
    };
    let (mut keywords, mut heredocs, mut sound, mut mended) = (BTreeSet::new(), 0, 0, 0);
    for _ in 0..200 {
        let data: Vec<u8> = (0..400).map(|_| byte()).collect();
        let text = generate::dockerfile(&data);
        let file = parse(&text);
        keywords.extend(file.instructions.iter().map(|i| i.keyword.name()));
        heredocs += file.instructions.iter().filter(|i| !i.heredocs.is_empty()).count();
        sound += usize::from(file.errors.is_empty());
        let settings = checks::settings(layerwise::builder::Builder::Buildkit, &[]);
        mended += usize::from(layerwise::lint::fix(&text, &settings, Applicability::Safe).text != text);
    }
    assert!(keywords.len() > 17, "{keywords:?}");
    assert!(heredocs > 50 && sound > 20 && mended > 20, "{heredocs} heredocs, {sound} sound files, {mended} mended");
}

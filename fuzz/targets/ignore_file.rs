#![no_main]

use layerwise_fuzz::checks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| checks::ignore_file(data));

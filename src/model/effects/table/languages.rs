//! The package managers of languages.

use super::{Known, Operands, Writes, plain};

pub(super) static TABLE: &[Known] = &[Known {
    writes: Writes::System,
    refused: &["-j"],
    seconds: 30.0,
    ..plain(
        &["docker-php-ext-install", "docker-php-ext-enable"],
        Operands::Text,
        "the scripts of the php:8.3 image: they work in /usr/src/php and /usr/local",
    )
}];

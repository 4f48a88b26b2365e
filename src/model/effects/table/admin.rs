//! The settings of the system.

use super::{Known, Operands, Writes, plain};

pub(super) static TABLE: &[Known] = &[
    Known {
        only: &["--print-architecture", "--add-architecture"],
        writes: Writes::System,
        ..plain(&["dpkg"], Operands::Text, "dpkg(1), Debian 12")
    },
    Known {
        writes: Writes::System,
        seconds: 2.0,
        ..plain(
            &[
                "update-ca-certificates",
                "locale-gen",
                "update-locale",
                "dpkg-reconfigure",
                "ldconfig",
                "apt-mark",
                "a2enmod",
                "a2dismod",
                "a2ensite",
                "a2dissite",
                "a2enconf",
                "a2disconf",
                "debconf-set-selections",
            ],
            Operands::Text,
            "the manual pages of Debian 12: each reads and writes below /etc, /usr and /var",
        )
    },
];

//! The settings of the system.

use super::scripts::is_of_locale;
use super::{Known, Operands, Place, Unlisted, plain, strict};

const DEBIAN: &str = "the manual pages of Debian 12: each reads and writes below /etc, /usr and /var";
const PHP: &str = "the scripts of the php:8.3 image: they work in /usr/src/php and /usr/local";

pub(super) static TABLE: &[Known] = &[
    Known {
        writes: &[Place::System],
        values: &["-f", "--frontend", "-p", "--priority", "-i", "-c", "-A"],
        seconds: 2.0,
        ..plain(
            &[
                "locale-gen",
                "update-locale",
                "dpkg-reconfigure",
                "apt-mark",
                "a2enmod",
                "a2dismod",
                "a2ensite",
                "a2dissite",
                "a2enconf",
                "a2disconf",
            ],
            Operands::Text,
            DEBIAN,
        )
    },
    Known {
        writes: &[Place::System],
        switches: &["-c", "--force", "-v", "--verbose", "--quiet", "--no-archive"],
        values: &["-f", "-i"],
        sources: &["-A"],
        // Others may be files of the working directory.
        script: Some(is_of_locale),
        seconds: 2.0,
        ..strict(&["localedef"], Operands::Names, "localedef(1), glibc 2.36")
    },
    Known {
        writes: &[Place::System],
        switches: &["-f", "-v", "--fresh", "--verbose"],
        seconds: 2.0,
        ..strict(&["update-ca-certificates"], Operands::Text, DEBIAN)
    },
    Known {
        writes: &[Place::System],
        switches: &["-v"],
        seconds: 2.0,
        ..strict(&["update-ca-trust"], Operands::Text, "update-ca-trust(8), ca-certificates of Fedora 39")
    },
    Known {
        // It makes links in every folder that /etc/ld.so.conf names.
        writes: &[Place::Anywhere],
        switches: &["-v"],
        seconds: 1.0,
        ..strict(&["ldconfig"], Operands::Reads, "ldconfig(8), glibc 2.36: operands are folders with libraries")
    },
    Known {
        writes: &[Place::System],
        switches: &["-c", "-u", "-v"],
        ..strict(&["debconf-set-selections"], Operands::Reads, "debconf-set-selections(1), Debian 12")
    },
    Known {
        writes: &[Place::System],
        values: &["--slave", "--set"],
        switches: &["--install", "--auto", "--force", "--remove", "--remove-all"],
        ..strict(
            &["update-alternatives", "alternatives"],
            Operands::Places,
            "update-alternatives(1), Debian 12: the first operand is a link, the third its target",
        )
    },
    Known {
        subcommands: &["enable", "disable", "mask", "unmask", "set-default", "preset"],
        writes: &[Place::System],
        switches: &["-f", "--force", "--no-reload"],
        ..strict(&["systemctl"], Operands::Packages, "systemctl(1), systemd 252: these link files below /etc")
    },
    Known {
        writes: &[Place::System],
        switches: &["-l", "-r"],
        ..strict(&["crontab"], Operands::Reads, "crontab(1), cron 3.0: it copies the file to /var/spool")
    },
    Known {
        subcommands: &["passwd", "group", "hosts", "services", "shadow"],
        ..strict(&["getent"], Operands::Text, "getent(1), glibc 2.36")
    },
    Known {
        writes: &[Place::System],
        switches: &["-A"],
        needs: &["-A"],
        seconds: 1.0,
        ..strict(
            &["ssh-keygen"],
            Operands::None,
            "ssh-keygen(1), OpenSSH 9.2: -A makes the keys of the host in /etc/ssh",
        )
    },
    Known {
        writes: &[Place::Home],
        switches: &["-q"],
        values: &["-t", "-b", "-N", "-P", "-C", "-m"],
        paths: &["-f"],
        seconds: 1.0,
        ..strict(&["ssh-keygen"], Operands::None, "ssh-keygen(1), OpenSSH 9.2")
    },
    Known {
        writes: &[Place::System],
        values: &["-j"],
        seconds: 30.0,
        ..plain(&["docker-php-ext-install", "docker-php-ext-enable"], Operands::Places, PHP)
    },
    // The flags go to the `configure` of the extension and name where libraries are.
    Known {
        writes: &[Place::System],
        unlisted: Unlisted::Read,
        seconds: 5.0,
        ..plain(&["docker-php-ext-configure"], Operands::Places, PHP)
    },
    Known { writes: &[Place::System], seconds: 1.0, ..strict(&["docker-php-source"], Operands::Text, PHP) },
    Known {
        subcommands: &["install", "uninstall", "upgrade", "update-channels", "channel-update", "clear-cache"],
        writes: &[Place::System, Place::At("/tmp")],
        // A file with the name of the package comes first (PEAR_Downloader_Package).
        reads: &[Place::Home, Place::Folder],
        switches: &["-f", "-n", "-o", "-a", "--force", "--onlyreqdeps", "--alldeps"],
        seconds: 20.0,
        ..strict(
            &["pecl", "pear"],
            Operands::Names,
            "pecl of PEAR 1.10: it builds in /tmp/pear and installs to PHP's own folders",
        )
    },
];

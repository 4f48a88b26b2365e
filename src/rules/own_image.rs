//! LW413: a base image of the same people, without a version.

use super::{Context, Findings, latest_tag, untagged_image};
use crate::model::ImageRef;
use crate::syntax::Keyword;
use std::cell::OnceCell;
use std::collections::BTreeSet;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    untagged_image::of_own(cx, out);
    latest_tag::of_own(cx, out);
}

/// Whether `image` is built by those who build this one: it has no namespace, and is none of the images that
/// everyone gets under such a name, or the labels for the owner have its namespace in them.
pub(super) fn is_own(cx: &Context<'_, '_>, owners: &Owners, image: &ImageRef<'_>) -> bool {
    if image.name.contains('$') {
        return false;
    }
    let mut parts = image.name.split('/').peekable();
    let registry = parts.next_if(|first| first.contains(['.', ':']) || *first == "localhost");
    let first = parts.next().unwrap_or_default();
    match (registry, parts.next()) {
        (None | Some("docker.io"), None) => OFFICIAL.binary_search(&first).is_err(),
        (_, None) => false,
        (Some("docker.io"), Some(_)) if first == "library" => false,
        // A short name is part of other words.
        (_, Some(_)) => first.len() >= 4 && owners.of(cx).iter().any(|owner| owner.contains(first)),
    }
}

/// What the file says of who it belongs to, read once somebody asks.
#[derive(Default)]
pub(super) struct Owners(OnceCell<BTreeSet<String>>);

impl Owners {
    fn of(&self, cx: &Context<'_, '_>) -> &BTreeSet<String> {
        self.0.get_or_init(|| owners(cx).flat_map(|owner| spellings(&owner)).collect())
    }
}

/// `owner` in lower case, and without what is neither letter nor digit: it may have written its namespace as two words.
fn spellings(owner: &str) -> [String; 2] {
    let owner = owner.to_ascii_lowercase();
    [owner.chars().filter(char::is_ascii_alphanumeric).collect(), owner]
}

fn owners<'c>(cx: &'c Context<'_, '_>) -> impl Iterator<Item = String> + 'c {
    let is_of_owner = |key: &str| {
        let last = key.trim_matches(['"', '\'']).rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        matches!(last.as_str(), "maintainer" | "maintainers" | "authors" | "vendor" | "url" | "source" | "vcs-url")
    };
    cx.instructions().flat_map(move |i| {
        let author = i.single().filter(|_| i.keyword == Keyword::Maintainer).map(|word| word.text.to_string());
        let pairs = if i.keyword == Keyword::Label { i.pairs() } else { &[] };
        let labels = pairs.iter().filter(move |p| is_of_owner(&p.key.text)).map(|p| p.value.text.to_string());
        author.into_iter().chain(labels)
    })
}

/// The images that Docker Hub has without a namespace, also those that are no longer built.
///
/// Source: the Docker Official Images.
const OFFICIAL: &[&str] = &[
    "adminer",
    "aerospike",
    "almalinux",
    "alpine",
    "alt",
    "amazoncorretto",
    "amazonlinux",
    "api-firewall",
    "arangodb",
    "archlinux",
    "backdrop",
    "bash",
    "bonita",
    "buildpack-deps",
    "busybox",
    "caddy",
    "cassandra",
    "celery",
    "centos",
    "chronograf",
    "cirros",
    "clearlinux",
    "clefos",
    "clickhouse",
    "clojure",
    "composer",
    "consul",
    "convertigo",
    "couchbase",
    "couchdb",
    "crate",
    "crux",
    "dart",
    "debian",
    "django",
    "docker",
    "drupal",
    "eclipse-mosquitto",
    "eclipse-temurin",
    "eggdrop",
    "elasticsearch",
    "elixir",
    "emqx",
    "erlang",
    "euleros",
    "express-gateway",
    "fedora",
    "flink",
    "fluentd",
    "friendica",
    "fsharp",
    "gazebo",
    "gcc",
    "geonetwork",
    "ghost",
    "glassfish",
    "golang",
    "gradle",
    "groovy",
    "haproxy",
    "haskell",
    "haxe",
    "hello-world",
    "hipache",
    "hitch",
    "httpd",
    "hylang",
    "ibm-semeru-runtimes",
    "ibmjava",
    "influxdb",
    "iojs",
    "irssi",
    "java",
    "jenkins",
    "jetty",
    "jobber",
    "joomla",
    "jruby",
    "julia",
    "kaazing-gateway",
    "kapacitor",
    "kibana",
    "known",
    "kong",
    "krakend",
    "lightstreamer",
    "liquibase",
    "logstash",
    "mageia",
    "mariadb",
    "matomo",
    "maven",
    "mediawiki",
    "memcached",
    "mongo",
    "mongo-express",
    "monica",
    "mono",
    "mysql",
    "nats",
    "nats-streaming",
    "neo4j",
    "neurodebian",
    "nextcloud",
    "nginx",
    "node",
    "notary",
    "nuxeo",
    "odoo",
    "open-liberty",
    "openjdk",
    "opensuse",
    "oraclelinux",
    "orientdb",
    "owncloud",
    "percona",
    "perl",
    "photon",
    "php",
    "php-zendserver",
    "phpmyadmin",
    "piwik",
    "plone",
    "postfixadmin",
    "postgres",
    "pypy",
    "python",
    "r-base",
    "rabbitmq",
    "rails",
    "rakudo-star",
    "rapidoid",
    "redis",
    "redmine",
    "registry",
    "rethinkdb",
    "rocket.chat",
    "rockylinux",
    "ros",
    "ruby",
    "rust",
    "sapmachine",
    "satosa",
    "scratch",
    "sentry",
    "silverpeas",
    "sl",
    "solr",
    "sonarqube",
    "sourcemage",
    "spark",
    "spiped",
    "storm",
    "swarm",
    "swift",
    "swipl",
    "teamspeak",
    "telegraf",
    "thrift",
    "tomcat",
    "tomee",
    "traefik",
    "ubuntu",
    "ubuntu-debootstrap",
    "ubuntu-upstart",
    "unit",
    "varnish",
    "vault",
    "websphere-liberty",
    "wordpress",
    "xwiki",
    "yourls",
    "znc",
    "zookeeper",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_images_can_be_searched() {
        assert!(OFFICIAL.is_sorted());
    }

    #[test]
    fn an_owner_may_be_written_in_several_ways() {
        let names = |owner: &str, namespace: &str| spellings(owner).iter().any(|owner| owner.contains(namespace));
        assert!(names("Hari Sekhon <hari@example.com>", "harisekhon"));
        assert!(names("https://github.com/Example-Org/app", "example-org"));
        assert!(!names("me@example.com", "other"));
    }
}

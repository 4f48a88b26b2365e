//! The variables that base images bring, for images whose Dockerfiles are public.
//!
//! A build asks the registry for the environment of its base image; offline, this table answers. It
//! holds names only: what they are set to goes with the tag.
//!
//! Source, unless an entry names another: the Dockerfiles of the Docker Official Images (their ENV
//! lines, of current tags and of those of the last years).

use super::image::ImageRef;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is known of the environment of a base image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// All of it: these names and `PATH`, and nothing else.
    All(&'static [&'static str]),
    /// These names and maybe others.
    Some(&'static [&'static str]),
}

impl Environment {
    /// That of nothing but what the builder sets.
    pub const EMPTY: Environment = Environment::All(&[]);

    /// That of an image that the table does not have.
    pub const UNKNOWN: Environment = Environment::Some(&[]);

    /// The environment of `image`, a reference with or without registry and tag.
    pub fn of(image: &str) -> Self {
        let name = ImageRef::parse(image).name;
        let is_host = |before: &str| match before {
            "" | "library/" | "docker.io/" | "docker.io/library/" => true,
            // A mirror: a registry has a dot in its name.
            _ => before.split('/').next().is_some_and(|host| host.contains('.')),
        };
        let starts = [0].into_iter().chain(name.match_indices('/').map(|(slash, _)| slash + 1));
        let places = starts.filter(|&at| is_host(&name[..at])).filter_map(|at| BY_NAME.get(&name[at..]));
        places.min().map_or(Self::UNKNOWN, |&place| TABLE[place].1)
    }

    /// Whether the image sets `name`; `None` if that is not known.
    pub fn sets(self, name: &str) -> Option<bool> {
        match self {
            _ if name == "PATH" => Some(true),
            Environment::All(names) => Some(names.contains(&name)),
            Environment::Some(names) => names.contains(&name).then_some(true),
        }
    }
}

use Environment::{All, Some as Part};

/// The place in the table of each image.
static BY_NAME: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    let all = TABLE.iter().enumerate().rev();
    all.flat_map(|(place, (images, _))| images.iter().map(move |image| (*image, place))).collect()
});

const TABLE: &[(&[&str], Environment)] = &[
    // Distributions. Fedora and UBI: their own kickstart files and Dockerfiles.
    (
        &[
            "alpine",
            "debian",
            "ubuntu",
            "busybox",
            "centos",
            "centos/centos",
            "rockylinux",
            "rockylinux/rockylinux",
            "almalinux",
            "amazonlinux",
            "oraclelinux",
            "buildpack-deps",
            "opensuse/leap",
            "opensuse/tumbleweed",
            "photon",
        ],
        All(&[]),
    ),
    (&["archlinux"], All(&["LANG"])),
    (&["fedora"], All(&["DISTTAG", "FGC", "FBR", "container"])),
    (
        &["ubi7/ubi", "ubi8/ubi", "ubi9/ubi", "ubi8", "ubi9", "ubi8/ubi-minimal", "ubi9/ubi-minimal"],
        All(&["container"]),
    ),
    // Languages.
    (&["golang"], All(&["GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN"])),
    (&["node"], All(&["NODE_VERSION", "YARN_VERSION", "NPM_CONFIG_LOGLEVEL"])),
    (
        &["python", "pypy"],
        All(&[
            "LANG",
            "GPG_KEY",
            "PYTHON_VERSION",
            "PYTHON_SHA256",
            "PYTHON_PIP_VERSION",
            "PYTHON_SETUPTOOLS_VERSION",
            "PYTHON_GET_PIP_URL",
            "PYTHON_GET_PIP_SHA256",
            "PYPY_VERSION",
        ]),
    ),
    (
        &["ruby"],
        All(&[
            "LANG",
            "RUBY_VERSION",
            "RUBY_MAJOR",
            "RUBY_DOWNLOAD_URL",
            "RUBY_DOWNLOAD_SHA256",
            "RUBYGEMS_VERSION",
            "BUNDLER_VERSION",
            "GEM_HOME",
            "BUNDLE_SILENCE_ROOT_WARNING",
            "BUNDLE_APP_CONFIG",
            "BUNDLE_PATH",
            "BUNDLE_BIN",
        ]),
    ),
    (&["rust"], All(&["RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"])),
    (
        &["php"],
        All(&[
            "PHPIZE_DEPS",
            "PHP_INI_DIR",
            "PHP_CFLAGS",
            "PHP_CPPFLAGS",
            "PHP_LDFLAGS",
            "GPG_KEYS",
            "PHP_VERSION",
            "PHP_URL",
            "PHP_ASC_URL",
            "PHP_SHA256",
            "PHP_MD5",
            "PHP_EXTRA_CONFIGURE_ARGS",
            "PHP_EXTRA_BUILD_DEPS",
            "PHP_FILENAME",
            "APACHE_CONFDIR",
            "APACHE_ENVVARS",
        ]),
    ),
    (
        &["composer"],
        Part(&["COMPOSER_VERSION", "COMPOSER_HOME", "COMPOSER_ALLOW_SUPERUSER", "PHP_INI_DIR", "PHP_VERSION"]),
    ),
    (
        &[
            "openjdk",
            "java",
            "eclipse-temurin",
            "adoptopenjdk",
            "amazoncorretto",
            "ibmjava",
            "sapmachine",
            "ibm-semeru-runtimes",
        ],
        Part(&["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL"]),
    ),
    (&["maven"], Part(&["MAVEN_HOME", "MAVEN_CONFIG", "MAVEN_VERSION", "JAVA_HOME", "JAVA_VERSION", "LANG"])),
    (&["gradle"], Part(&["GRADLE_HOME", "GRADLE_VERSION", "JAVA_HOME", "JAVA_VERSION", "LANG"])),
    (&["groovy"], Part(&["GROOVY_HOME", "GROOVY_VERSION", "JAVA_HOME", "JAVA_VERSION"])),
    (&["clojure"], Part(&["JAVA_HOME", "LEIN_VERSION", "LEIN_INSTALL", "LEIN_ROOT", "CLOJURE_VERSION"])),
    (&["erlang"], All(&["LANG", "OTP_VERSION", "REBAR_VERSION", "REBAR3_VERSION"])),
    (&["elixir"], Part(&["LANG", "ELIXIR_VERSION", "OTP_VERSION", "REBAR3_VERSION"])),
    (
        &["swift"],
        Part(&[
            "SWIFT_SIGNING_KEY",
            "SWIFT_PLATFORM",
            "SWIFT_BRANCH",
            "SWIFT_VERSION",
            "SWIFT_WEBROOT",
            "SWIFT_PREFIX",
        ]),
    ),
    (&["julia"], All(&["JULIA_PATH", "JULIA_GPG", "JULIA_VERSION"])),
    (&["perl"], All(&["PERL_CPANM_OPT", "PERL_VERSION", "DEV_PACKAGES"])),
    (&["r-base"], Part(&["R_BASE_VERSION", "LC_ALL", "LANG"])),
    (&["haskell"], Part(&["LANG", "GHC", "STACK", "CABAL_INSTALL"])),
    (&["gcc"], All(&["GPG_KEYS", "GCC_MIRRORS", "GCC_VERSION"])),
    // .NET: the repository dotnet/dotnet-docker.
    (
        &[
            "dotnet/sdk",
            "dotnet/aspnet",
            "dotnet/runtime",
            "dotnet/runtime-deps",
            "dotnet/core/sdk",
            "dotnet/core/aspnet",
            "dotnet/core/runtime",
            "dotnet/core/runtime-deps",
        ],
        Part(&[
            "APP_UID",
            "ASPNETCORE_HTTP_PORTS",
            "ASPNETCORE_URLS",
            "DOTNET_RUNNING_IN_CONTAINER",
            "DOTNET_VERSION",
            "ASPNET_VERSION",
            "DOTNET_SDK_VERSION",
            "DOTNET_USE_POLLING_FILE_WATCHER",
            "NUGET_XMLDOC_MODE",
            "DOTNET_NOLOGO",
        ]),
    ),
    // Servers and databases.
    (
        &["nginx"],
        All(&["NGINX_VERSION", "NJS_VERSION", "NJS_RELEASE", "PKG_RELEASE", "DYNPKG_RELEASE", "ACME_VERSION"]),
    ),
    (&["httpd"], All(&["HTTPD_PREFIX", "HTTPD_VERSION", "HTTPD_SHA256", "HTTPD_PATCHES"])),
    (
        &["tomcat", "tomee"],
        Part(&[
            "CATALINA_HOME",
            "TOMCAT_NATIVE_LIBDIR",
            "LD_LIBRARY_PATH",
            "GPG_KEYS",
            "TOMCAT_MAJOR",
            "TOMCAT_VERSION",
            "TOMCAT_SHA512",
            "JAVA_HOME",
            "JAVA_VERSION",
            "LANG",
        ]),
    ),
    (&["jetty"], Part(&["JETTY_VERSION", "JETTY_HOME", "JETTY_BASE", "TMPDIR", "JAVA_HOME"])),
    (
        &["postgres"],
        All(&["LANG", "GOSU_VERSION", "PG_MAJOR", "PG_VERSION", "PG_SHA256", "PGDATA", "DOCKER_PG_LLVM_DEPS"]),
    ),
    (
        &["mysql", "mariadb", "percona"],
        Part(&["MYSQL_VERSION", "MYSQL_MAJOR", "GOSU_VERSION", "MARIADB_VERSION", "MARIADB_MAJOR", "LANG"]),
    ),
    (
        &["mongo"],
        Part(&[
            "MONGO_MAJOR",
            "MONGO_VERSION",
            "MONGO_PACKAGE",
            "MONGO_REPO",
            "GOSU_VERSION",
            "JSYAML_VERSION",
            "HOME",
        ]),
    ),
    (
        &["redis", "valkey/valkey"],
        Part(&["REDIS_VERSION", "REDIS_DOWNLOAD_URL", "REDIS_DOWNLOAD_SHA", "GOSU_VERSION", "VALKEY_VERSION"]),
    ),
    (
        &["wordpress", "drupal", "joomla", "nextcloud"],
        Part(&["PHP_INI_DIR", "PHP_VERSION", "APACHE_CONFDIR", "APACHE_ENVVARS", "PHPIZE_DEPS"]),
    ),
    (
        &["jenkins/jenkins", "jenkins"],
        Part(&["JENKINS_HOME", "JENKINS_VERSION", "JENKINS_UC", "REF", "JAVA_HOME", "LANG", "COPY_REFERENCE_FILE_LOG"]),
    ),
    // Families whose images build on one another; their repositories: jupyter/docker-stacks, SeleniumHQ/docker-selenium,
    // sclorg/s2i-base-container, nvidia/container-images/cuda, oracle/docker-images, ContinuumIO/docker-images.
    (
        &[
            "jupyter/base-notebook",
            "jupyter/minimal-notebook",
            "jupyter/scipy-notebook",
            "jupyter/datascience-notebook",
            "jupyter/pyspark-notebook",
            "jupyter/all-spark-notebook",
            "jupyter/tensorflow-notebook",
            "jupyter/r-notebook",
            "jupyter/docker-stacks-foundation",
        ],
        Part(&[
            "NB_USER",
            "NB_UID",
            "NB_GID",
            "CONDA_DIR",
            "HOME",
            "SHELL",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
            "JUPYTER_PORT",
            "SPARK_HOME",
        ]),
    ),
    (
        &[
            "selenium/base",
            "selenium/node-base",
            "selenium/hub",
            "selenium/node-chrome",
            "selenium/node-firefox",
            "selenium/standalone-chrome",
        ],
        Part(&["SEL_USER", "SEL_UID", "SEL_GID", "HOME", "TZ", "LANG", "LANGUAGE", "LC_ALL"]),
    ),
    (
        &[
            "ubi7/s2i-base",
            "ubi8/s2i-base",
            "ubi9/s2i-base",
            "ubi10/s2i-base",
            "ubi8/s2i-core",
            "ubi9/s2i-core",
            "fedora/s2i-base",
            "fedora/s2i-core",
            "sclorg/s2i-base-c8s",
            "sclorg/s2i-base-c9s",
            "sclorg/s2i-base-c10s",
            "sclorg/s2i-core-c8s",
            "sclorg/s2i-core-c9s",
            "sclorg/s2i-core-c10s",
            "centos/s2i-base-centos7",
            "centos/s2i-core-centos7",
            "centos/httpd-24-centos7",
        ],
        Part(&[
            "SUMMARY",
            "DESCRIPTION",
            "STI_SCRIPTS_URL",
            "STI_SCRIPTS_PATH",
            "APP_ROOT",
            "HOME",
            "PLATFORM",
            "BASH_ENV",
            "ENV",
            "PROMPT_COMMAND",
            "NODEJS_VER",
            "NAME",
            "container",
        ]),
    ),
    (
        &["nvidia/cuda", "nvidia/cudagl", "nvidia/opengl"],
        Part(&[
            "LD_LIBRARY_PATH",
            "LIBRARY_PATH",
            "CUDA_VERSION",
            "NVARCH",
            "NVIDIA_VISIBLE_DEVICES",
            "NVIDIA_DRIVER_CAPABILITIES",
            "NVIDIA_REQUIRE_CUDA",
            "CUDNN_VERSION",
        ]),
    ),
    (&["oracle/serverjre", "oracle/jdk"], Part(&["JAVA_HOME", "JAVA_VERSION", "LANG"])),
    (
        &["continuumio/miniconda3", "continuumio/anaconda3", "continuumio/miniconda", "continuumio/anaconda"],
        Part(&["LANG", "LC_ALL"]),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_found_with_and_without_registry() {
        for image in [
            "golang",
            "golang:1.23",
            "docker.io/library/golang:1",
            "library/golang",
            "mirror.example.com/x/golang@sha256:00",
        ] {
            assert_eq!(Environment::of(image).sets("GOPATH"), Some(true), "{image}");
            assert_eq!(Environment::of(image).sets("JAVA_HOME"), Some(false), "{image}");
        }
        for image in ["me/golang", "mygolang", "localhost/golang", "example"] {
            assert_eq!(Environment::of(image), Environment::UNKNOWN, "{image}");
        }
        assert_eq!(Environment::of("tomcat:9").sets("CATALINA_HOME"), Some(true));
        assert_eq!(Environment::of("tomcat:9").sets("JAVA_OPTS"), None);
        assert_eq!(Environment::EMPTY.sets("PATH"), Some(true));
    }

    #[test]
    fn an_image_is_listed_once() {
        let mut images: Vec<&str> = TABLE.iter().flat_map(|(images, _)| images.iter().copied()).collect();
        let count = images.len();
        images.sort_unstable();
        images.dedup();
        assert_eq!(images.len(), count);
    }
}

//! What builds or tests the project: it may read and write anything, and takes about so long.

use super::{Known, project};

pub(super) static TABLE: &[Known] = &[
    project(&["make", "gmake", "ninja", "samu", "scons", "rake", "just", "task"], &[], 20.0),
    project(&["cmake"], &["--build"], 20.0),
    project(&["cmake", "meson", "qmake"], &[], 5.0),
    project(
        &["./configure", "../configure", "./config", "./Configure", "./autogen.sh", "./bootstrap", "./bootstrap.sh"],
        &[],
        10.0,
    ),
    project(&["autoreconf", "autoconf", "automake", "phpize"], &[], 5.0),
    project(&["gcc", "g++", "cc", "c++", "clang", "clang++", "javac", "gfortran", "rustc", "ghc"], &[], 2.0),
    project(&["mvn", "mvnw", "./mvnw"], &["dependency:go-offline", "dependency:resolve"], 40.0),
    project(&["mvn", "mvnw", "./mvnw"], &[], 60.0),
    project(&["gradle", "gradlew", "./gradlew"], &[], 60.0),
    project(&["sbt"], &[], 90.0),
    project(&["ant", "lein"], &[], 20.0),
    project(&["dotnet"], &["restore", "tool restore", "tool install"], 15.0),
    project(&["dotnet"], &["build", "publish", "msbuild", "pack"], 20.0),
    project(&["dotnet"], &["test"], 30.0),
    project(&["nuget"], &["restore", "install"], 15.0),
    project(&["msbuild", "xbuild"], &[], 20.0),
    project(&["swift"], &["build", "test"], 60.0),
    project(&["stack", "cabal"], &["build", "install", "test"], 120.0),
    project(&["bazel", "bazelisk"], &["build", "test", "run"], 120.0),
    project(&["mix"], &["deps.get", "deps.compile", "compile", "release", "assets.deploy"], 15.0),
    project(&["mix"], &["local.hex", "local.rebar", "archive.install"], 3.0),
    project(&["flutter"], &["build", "test"], 60.0),
    project(&["flutter", "dart"], &["pub get", "pub"], 10.0),
    project(&["rspec", "phpunit", "ctest"], &[], 20.0),
];

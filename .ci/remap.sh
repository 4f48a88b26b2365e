# shellcheck shell=bash
# Sourced in the root of the repository, before a release is built: no path of the machine gets into the program, so
# that whoever builds the same sources with the same compiler gets the same bits.
RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$PWD=/layerwise --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
RUSTFLAGS+=" --remap-path-prefix=${CARGO_TARGET_DIR:-$PWD/target}=/target"
export RUSTFLAGS

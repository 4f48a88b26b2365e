#!/usr/bin/env bash
# Brings up a Docker engine for the proofs in this folder, and the images that they start from.
#
#   tests/engine/setup.sh      prints the client to use on its last line; exit 3 where no engine can be had
#
# An engine that answers is used as it is. Otherwise, as root on Debian, one is unpacked below
# ${LAYERWISE_ENGINE:-/var/tmp/layerwise-engine} from Debian's packages, with no change to the system but
# a few packages, and started without a bridge network. Images that can't be pulled are made here.
set -euo pipefail
home=${LAYERWISE_ENGINE:-/var/tmp/layerwise-engine}
say() { printf '%s\n' "$*" >&2; }
cannot() {
    say "no engine: $*"
    exit 3
}
answers() { "$1" version >/dev/null 2>&1; }

packages() {
    local missing=() name
    for name in "$@"; do dpkg -s "$name" >/dev/null 2>&1 || missing+=("$name"); done
    [ ${#missing[@]} -eq 0 ] && return
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >>"$home/apt.log" 2>&1 || true
    apt-get install -qq -y --no-install-recommends "${missing[@]}" >>"$home/apt.log" 2>&1 ||
        cannot "apt-get could not install ${missing[*]} (see $home/apt.log)"
}

# Debian 12's own Docker is 20.10; trixie's 26.1 runs on it as it is, so that one is unpacked beside it.
unpack_engine() {
    [ -x "$home/root/usr/sbin/dockerd" ] && return
    local mirror apt=$home/apt
    mirror=$(awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true)
    [ -n "$mirror" ] || cannot "found no Debian mirror in the sources of apt"
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/debs"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/sources.list"
    cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$apt/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt";
APT::Sandbox::User "root";
CONF
    (
        export APT_CONFIG=$apt/apt.conf
        apt-get update -qq
        cd "$apt/debs"
        apt-get download -qq docker.io docker-cli docker-buildx
    ) >>"$home/apt.log" 2>&1 || cannot "could not fetch Docker's packages (see $home/apt.log)"
    local deb
    for deb in "$apt"/debs/*.deb; do dpkg -x "$deb" "$home/root"; done
}

start_engine() {
    mkdir -p "$home/config/cli-plugins"
    ln -sf "$home/root/usr/libexec/docker/cli-plugins/docker-buildx" "$home/config/cli-plugins/"
    cat >"$home/docker" <<CLIENT
#!/bin/sh
export DOCKER_HOST=unix://$home/engine.sock DOCKER_CONFIG=$home/config
exec $home/root/usr/bin/docker "\$@"
CLIENT
    chmod +x "$home/docker"
    answers "$home/docker" && return
    mountpoint -q /sys/fs/cgroup || mount -t tmpfs cgroup_root /sys/fs/cgroup || cannot "no cgroups here"
    rm -f "$home/engine.pid"
    PATH=$home/root/usr/sbin:$home/root/usr/libexec/docker:$PATH setsid nohup "$home/root/usr/sbin/dockerd" \
        --config-file /dev/null --storage-driver overlay2 --iptables=false --ip6tables=false --bridge=none \
        --data-root "$home/data" --exec-root "$home/run" --pidfile "$home/engine.pid" -H "unix://$home/engine.sock" \
        >"$home/engine.log" 2>&1 </dev/null &
    local tries
    for tries in $(seq 1 150); do
        answers "$home/docker" && return
        sleep 0.2
    done
    cannot "the daemon did not start in 30 s (see $home/engine.log)"
}

client() {
    if [ -n "${LAYERWISE_DOCKER:-}" ]; then
        answers "$LAYERWISE_DOCKER" || cannot "LAYERWISE_DOCKER is set, and $LAYERWISE_DOCKER does not answer"
        docker=$LAYERWISE_DOCKER
    elif command -v docker >/dev/null && answers docker; then
        docker=$(command -v docker)
    elif [ -x "$home/docker" ] && answers "$home/docker"; then
        docker=$home/docker
    else
        [ "$(id -u)" = 0 ] || cannot "no Docker answers, and only root can start one"
        [ -e /etc/debian_version ] || cannot "no Docker answers, and this script can only unpack one on Debian"
        mkdir -p "$home"
        packages containerd runc tini iptables ca-certificates
        unpack_engine
        start_engine
        docker=$home/docker
    fi
}

have() { "$docker" image inspect "$1" >/dev/null 2>&1; }
pull() { timeout 60 "$docker" pull -q "$1" >/dev/null 2>&1; }
path='PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

# One static program and its names: times and owners are fixed, so the image is the same everywhere.
make_busybox() {
    packages busybox-static
    local tree=$home/busybox name
    rm -rf "$tree"
    mkdir -p "$tree"/{bin,sbin,usr/bin,usr/sbin,etc,root,home,tmp,var/tmp}
    chmod 1777 "$tree/tmp" "$tree/var/tmp"
    cp /bin/busybox "$tree/bin/busybox"
    for name in $(/bin/busybox --list-full); do
        mkdir -p "$tree/$(dirname "$name")"
        [ -e "$tree/$name" ] || ln -s /bin/busybox "$tree/$name"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' >"$tree/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$tree/etc/group"
    tar --sort=name --mtime=@1700000000 --numeric-owner --owner=0 --group=0 -C "$tree" -c . |
        "$docker" import --change 'CMD ["sh"]' --change "ENV $path" - busybox:1.36 >/dev/null
}

# The image has the sources and the certificates of this machine, so that apt works in it as it does here.
make_debian() {
    packages debootstrap
    local tree=$home/debian mirror
    if [ ! -e "$tree.done" ]; then
        rm -rf "$tree"
        mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
        debootstrap --variant=minbase --include=ca-certificates bookworm "$tree" ${mirror:+"$mirror"} >"$home/debian.log" 2>&1 ||
            cannot "debootstrap failed (see $home/debian.log)"
        cp /usr/local/share/ca-certificates/*.crt "$tree/usr/local/share/ca-certificates/" 2>/dev/null || true
        chroot "$tree" update-ca-certificates >/dev/null 2>&1 || true
        if [ -e /etc/apt/sources.list.d/debian.sources ]; then
            rm -f "$tree/etc/apt/sources.list"
            cp /etc/apt/sources.list.d/debian.sources "$tree/etc/apt/sources.list.d/"
        fi
        grep -ls Acquire /etc/apt/apt.conf.d/* | xargs -r cp -t "$tree/etc/apt/apt.conf.d/" || true
        # What the published image has, and what the rules about apt's caches are about.
        cat >"$tree/etc/apt/apt.conf.d/docker-clean" <<'CONF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF
        printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
        chmod 755 "$tree/usr/sbin/policy-rc.d"
        printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$tree/etc/pip.conf"
        rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/archives/*.deb "$tree"/dev/* "$tree"/tmp/*
        touch "$tree.done"
    fi
    tar --sort=name --numeric-owner --xattrs -C "$tree" -c . |
        "$docker" import --change 'CMD ["bash"]' --change "ENV $path" - debian:bookworm >/dev/null
}

make_python() {
    printf '%s\n' 'FROM debian:bookworm' 'RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && ln -s python3 /usr/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && rm -rf /var/lib/apt/lists/*' 'CMD ["python3"]' |
        DOCKER_BUILDKIT=0 "$docker" build --network host -t python:3.11 - >"$home/python.log" 2>&1 ||
        cannot "could not make python:3.11 (see $home/python.log)"
}

# This machine's own node and npm on Debian; without them the apps that need node are left out, loudly.
make_node() {
    local program modules context=$home/node
    program=$(readlink -f "$(command -v node 2>/dev/null)" 2>/dev/null || true)
    modules=$(npm root -g 2>/dev/null || true)
    if [ -z "$program" ] || [ ! -d "$modules/npm" ]; then
        say "node:20 can't be pulled, and this machine has no node and npm to make it from"
        return
    fi
    rm -rf "$context"
    mkdir -p "$context/usr/bin" "$context/usr/lib/node_modules" "$context/usr/etc"
    cp "$program" "$context/usr/bin/node"
    cp -a "$modules/npm" "$context/usr/lib/node_modules/"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$context/usr/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$context/usr/bin/npx"
    printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\nfund=false\naudit=false\n' >"$context/usr/etc/npmrc"
    printf '%s\n' 'FROM debian:bookworm' 'COPY usr /usr' 'RUN groupadd -g 1000 node && useradd -u 1000 -g node -m -s /bin/bash node' 'CMD ["node"]' >"$context/Dockerfile"
    DOCKER_BUILDKIT=0 "$docker" build --network host -t node:20 "$context" >"$home/node.log" 2>&1 ||
        cannot "could not make node:20 (see $home/node.log)"
}

client
mkdir -p "$home"
for image in busybox:1.36 debian:bookworm python:3.11 node:20; do
    have "$image" && continue
    pull "$image" && continue
    say "making $image"
    "make_${image%%:*}"
done
echo "$docker"

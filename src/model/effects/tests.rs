//! Lines of RUN, and what is known of them.

use super::super::{Model, Value};
use super::{Effects, Resource, State};

/// The effects of the last step of a stage that starts with `head`.
fn effects(head: &str, line: &str) -> Effects {
    let text = format!("FROM a:1\n{head}WORKDIR /app\nRUN {line}\n");
    let file = crate::syntax::parse(&text);
    let model = Model::new(&file);
    model.effects(&model.stages[0]).effects.last().cloned().expect("there is a RUN")
}

/// Without what every RUN reads; `?` is everything, `any` is any file, `accounts` the lists of users.
fn shown(list: &[Resource]) -> String {
    let word = |r: &Resource| match r {
        Resource::Everything => Some("?".to_owned()),
        Resource::Files => Some("any".to_owned()),
        Resource::System => Some("system".to_owned()),
        Resource::WorkingDirectory => Some("cwd".to_owned()),
        Resource::Path(path) if path.as_str() == "/etc/passwd" => Some("accounts".to_owned()),
        Resource::Path(path) if ["/etc/", "/var/mail", "/var/spool"].iter().any(|p| path.as_str().starts_with(p)) => {
            None
        }
        Resource::Path(path) => Some(path.as_str().to_owned()),
        _ => None,
    };
    list.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// The reads of all RUNs but the system folders are left out; then come the writes, and `varies` and the
/// seconds (`-` if they are not known).
fn row(effects: &Effects) -> [String; 3] {
    let reads = shown(&effects.reads);
    let reads = reads.strip_prefix("system").map_or(reads.as_str(), str::trim_start).to_owned();
    let seconds = effects.seconds.map_or("-".to_owned(), |s| s.to_string());
    let rest = if effects.varies && !effects.is_unknown() { format!("varies {seconds}") } else { seconds };
    [reads, shown(&effects.writes), rest]
}

#[test]
fn what_lines_read_and_write() {
    let mut wrong = Vec::new();
    for (line, reads, writes, rest) in ROWS {
        let got = row(&effects("USER root\n", line));
        if got != [*reads, *writes, *rest] {
            wrong.push(format!("{line}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_state_above_a_line_counts() {
    let mut wrong = Vec::new();
    for (head, line, reads, writes, rest) in IN_STATE {
        let got = row(&effects(head, line));
        if got != [*reads, *writes, *rest] {
            wrong.push(format!("{head:?} {line}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_command_below_very_many_places_may_read_any_file() {
    let below = |n: usize| effects(&(0..n).map(|i| format!("ENV P{i}=/opt/p{i}\n")).collect::<String>(), "mkdir /a");
    let (few, many) = (below(200), below(1_000));
    assert!(few.reads.len() > 200 && !few.reads.contains(&Resource::Files));
    assert!(many.reads.len() < 300 && many.reads.contains(&Resource::Files));
    assert!(many.surroundings.contains(&Resource::Files));
}

#[test]
fn a_stage_inherits_what_another_one_sets() {
    let of = |above: &str| {
        let text = format!("FROM a:1 AS b\nUSER root\nRUN {above}\nFROM b\nWORKDIR /app\nRUN pip install flask\n");
        let file = crate::syntax::parse(&text);
        let model = Model::new(&file);
        model.effects(&model.stages[1]).effects.last().cloned().expect("there is a RUN")
    };
    assert!(!of("true").is_unknown());
    assert!(of("pip config set global.target /app").is_unknown());
}

#[test]
fn an_argument_of_the_stage_below_may_be_known_or_not() {
    let end = |text: &str| {
        let file = crate::syntax::parse(text);
        let model = Model::new(&file);
        model.stages.last().map(|stage| model.effects(stage).end.clone()).expect("there is a stage")
    };
    let inherited = end("FROM a AS b\nARG V=1\nFROM b AS c\nFROM c\n");
    assert!(inherited.is_build_argument("V"));
    let settled = end("FROM a AS b\nARG V=1\nFROM b\nENV V=2\n");
    assert_eq!(settled.variable("V"), Value::Known("2".into()));
    let again = end("FROM a AS b\nARG V=1\nFROM b\nENV V=2\nARG V\n");
    assert!(again.is_build_argument("V"));
}

#[test]
fn triggers_run_in_the_stage_that_starts_from_theirs() {
    let text = "FROM a AS b\nWORKDIR /one\nONBUILD WORKDIR sub\nONBUILD COPY x .\nFROM b AS c\nCOPY y .\nFROM c\n";
    let file = crate::syntax::parse(text);
    let model = Model::new(&file);
    let [own, child, last] = [0, 1, 2].map(|stage| model.effects(&model.stages[stage]));
    assert_eq!((own.triggers.len(), child.triggers.len(), last.triggers.len()), (0, 2, 0));
    assert_eq!(child.triggers[1].writes, child.effects[0].writes, "both write to /one/sub");
    let workdir = |state: &State| state.workdir.as_ref().map(|path| path.as_str().to_owned());
    assert_eq!(workdir(&own.end).as_deref(), Some("/one"));
    assert_eq!(workdir(&last.end).as_deref(), Some("/one/sub"));
}

/// The state, the line, and as in [`ROWS`].
const IN_STATE: &[(&str, &str, &str, &str, &str)] = &[
    ("", "pip install flask", "/root /home", "system /root /home", "varies 15"),
    ("USER app\n", "pip install flask", "any", "system any", "varies 15"),
    ("USER 0:0\n", "pip install flask", "/root", "system /root", "varies 15"),
    ("USER app\nENV HOME=/data\n", "pip install flask", "/data", "system /data", "varies 15"),
    (
        "USER root\nENV VIRTUAL_ENV=/opt/app/venv PATH=/opt/app/venv/bin:$PATH\n",
        "pip install flask",
        "/opt/app/venv /opt/app/venv/bin /root",
        "system /root /opt/app",
        "varies 15",
    ),
    (
        "USER root\nENV PATH=/venv/bin:$PATH\n",
        "pip install flask",
        "/venv/bin /root /venv",
        "system /root /venv",
        "varies 15",
    ),
    ("USER root\nENV PATH=./bin:$PATH\n", "true", "any", "", "0"),
    (
        "USER root\nENV NPM_CONFIG_PREFIX=/home/node/.npm-global\n",
        "npm i -g x",
        "/home/node/.npm-global /root /tmp",
        "system /root /home/node /tmp",
        "varies 8",
    ),
    (
        "USER root\nENV NODE_ENV=production NODE_VERSION=20\n",
        "npm i -g x",
        "/root /tmp",
        "system /root /tmp",
        "varies 8",
    ),
    (
        "USER root\nENV GOPATH=/data/go\n",
        "go install h/x@v1",
        "/data/go /root /go /tmp",
        "/root /data /go /tmp",
        "varies 15",
    ),
    ("USER root\nENV PIP_TARGET=lib\n", "pip install flask", "?", "?", "15"),
    (
        "USER root\nENV PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1\n",
        "pip install flask",
        "/root",
        "system /root",
        "varies 15",
    ),
    ("USER root\nARG PIP_PREFIX\n", "pip install flask", "?", "?", "15"),
    ("USER root\nARG PIP_INDEX_URL\n", "pip install flask", "/root", "system /root", "varies 15"),
    ("USER root\nARG DIR=/data\n", "mkdir $DIR", "cwd", "any", "0"),
    ("USER root\nENV DIR=/data\n", "mkdir $DIR/x", "/data", "/data", "0"),
    ("USER root\nENV DIR=/data\n", "DIR=/x; mkdir $DIR", "/data /x cwd", "any", "0"),
    ("USER root\nCOPY .npmrc /root/\n", "npm i -g x", "?", "?", "8"),
    ("USER root\nRUN npm config set prefix /data\n", "npm i -g x", "?", "?", "8"),
    ("USER root\nRUN npm config set registry https://a\n", "npm i -g x", "/root /tmp", "system /root /tmp", "varies 8"),
    ("USER root\nRUN echo prefix=/data > ~/.npmrc\n", "npm i -g x", "?", "?", "8"),
    ("USER root\nRUN go env -w GOBIN=/data\n", "go install h/x@v1", "?", "?", "15"),
    (
        "USER root\n",
        "[\"pip\", \"install\", \"-r\", \"r.txt\"]",
        "any /root cwd /app/r.txt",
        "system /root /app",
        "varies 20",
    ),
    ("USER root\n", "[\"sh\", \"-c\", \"mkdir /data\"]", "", "/data", "0"),
    (
        "USER root\n",
        "--mount=type=cache,target=/root/.cache pip install flask",
        "/root",
        "/root/.cache system /root",
        "varies 15",
    ),
    ("USER root\n", "--mount=type=bind,target=/src pip install -r /src/r.txt", "?", "?", "20"),
    ("USER root\n", "--security=insecure make", "?", "?", "20"),
    ("USER root\n", "<<EOF\nset -e\napt-get update\nmake\nEOF", "?", "?", "25"),
    ("USER root\n", "<<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF", "?", "?", "-"),
    ("USER root\nSHELL [\"pwsh\", \"-c\"]\n", "apt-get update", "?", "?", "-"),
    ("USER root\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n", "apt-get update", "", "system", "varies 5"),
];

/// The line, and what it reads and writes besides the system folders as root in `/app`.
const ROWS: &[(&str, &str, &str, &str)] = &[
    // packages of the distribution
    ("apt-get update && apt-get install -y curl", "", "system", "varies 25"),
    ("apt-get install -y ./tool.deb", "cwd /app/tool.deb", "system", "varies 20"),
    ("apt-get install -y $(cat list)", "?", "?", "20"),
    ("apt-get -o Dir::Etc=/x update", "?", "?", "-"),
    ("dpkg -i /tmp/a.deb", "/tmp/a.deb", "system", "varies 3"),
    ("dpkg -i a_1.0", "cwd /app/a_1.0", "system", "varies 3"),
    ("dpkg --print-architecture", "", "system", "varies 0"),
    ("apk add --no-cache -X /repo git", "", "system /repo", "varies 6"),
    ("apk add --root /x git", "?", "?", "-"),
    ("apk add -t .deps gcc && apk del .deps", "", "system", "varies 12"),
    ("apk add ./x.apk .y.apk .z/y", "cwd /app/x.apk /app/.y.apk /app/.z/y", "system", "varies 6"),
    ("apt-get build-dep -y .", "cwd /app", "system", "varies 20"),
    ("export $(cat .env) && apt-get update", "?", "?", "5"),
    ("rpm --import key.pub", "cwd /app/key.pub", "system", "varies 1"),
    ("rpm -ivh https://a/b.rpm", "", "system", "varies 4"),
    ("rpm -i tool.rpm", "cwd /app/tool.rpm", "system", "varies 4"),
    ("apt-key add key.gpg", "/root cwd /app/key.gpg", "system /root", "varies 0"),
    ("apt-mark hold curl", "", "system", "varies 2"),
    // files and folders
    ("mkdir -p /data/a", "", "/data", "0"),
    ("mkdir data", "cwd", "/app", "0"),
    ("rm -rf \"/data/x y\"", "", "/data", "0"),
    ("rm -rf /data/*", "/data", "/data", "0"),
    ("rm -rf $DIR", "cwd", "any", "0"),
    ("cp a.txt /data/b.txt", "cwd /app/a.txt", "/data", "0"),
    ("cp -t /data a b", "cwd /app/a /app/b", "/data", "0"),
    ("cp --target-directory=/data a", "cwd /app/a", "/data", "0"),
    ("mv /srv/x /data/y", "/srv/x /data/y", "/srv /data", "0"),
    ("ln -s a.txt /data/link", "", "/data", "0"),
    ("ln -s /data/a", "cwd", "/app", "0"),
    ("ln /data/a /data/b", "/data/a /data/b", "/data", "0"),
    ("ln -sr a /data/b", "?", "?", "-"),
    ("install -d -m 755 /data", "", "/data", "0"),
    ("install -m 755 run.sh /data/run", "cwd /app/run.sh", "/data", "0"),
    ("install -t /data x", "cwd /app/x", "/data", "0"),
    ("touch /data/x", "", "/data", "0"),
    ("touch -r x /data/y", "?", "?", "-"),
    ("chmod +x run.sh", "cwd", "/app", "0"),
    ("chmod -x run.sh", "?", "?", "-"),
    ("chown -R 1:1 /data", "", "/data", "0"),
    ("truncate -s 0 /data/x", "", "/data", "0"),
    ("find /data -name '*.pyc' -delete", "", "/data", "0"),
    ("find /data -type f ! -name x", "/data", "", "0"),
    ("find /data -exec rm {} +", "?", "?", "-"),
    ("find . -name x", "cwd /app", "", "0"),
    ("find /data -newer x", "?", "?", "-"),
    ("strip -o /data/y x", "cwd", "/data /app", "0"),
    ("echo /data/x | xargs rm -f", "cwd", "any", "0"),
    ("ls /data | xargs -n 1 echo", "/data", "", "0"),
    ("sha256sum -c sums", "any", "", "0"),
    ("sha256sum /data/x", "/data/x", "", "0"),
    // text
    ("echo hi > /data/x", "", "/data", "0"),
    ("printf 'a' >> out", "cwd", "/app", "0"),
    ("cat a b > /data/c", "cwd /app/a /app/b", "/data", "0"),
    ("tee /data/x < in", "cwd /app/in", "/data", "0"),
    ("sed -i s/a/b/ /data/x", "", "/data", "0"),
    ("sed -i 's/a/b/w out' /data/x", "?", "?", "-"),
    ("sed -i -e s/a/b/ -e s/c/d/ /data/x", "", "/data", "0"),
    ("sed -n 1p conf", "cwd /app/conf", "", "0"),
    ("sed -f script -i /data/x", "?", "?", "-"),
    ("grep -q x /data/y", "/data/y", "", "0"),
    ("grep -f words /data/y", "cwd /app/words /data/y", "", "0"),
    ("grep -r x", "cwd /app", "", "0"),
    ("awk '{print $1}' /data/x", "/data/x", "", "0"),
    ("awk '{print > \"out\"}' /data/x", "?", "?", "-"),
    ("awk 'BEGIN{system(\"make\")}'", "?", "?", "-"),
    ("sort -o /data/out in", "cwd /app/in", "/data", "0"),
    ("uniq in /data/out", "cwd /app/in", "/data", "0"),
    ("head -n 5 /data/x", "/data/x", "", "0"),
    ("cut -d: -f1 /etc/passwd", "accounts", "", "0"),
    ("test -f run.sh", "cwd /app/run.sh", "", "0"),
    ("[ \"$A\" = b ] || exit 1", "", "", "0"),
    ("[ a -nt b ]", "?", "?", "-"),
    ("echo \"$(pwd)\"", "cwd /app", "", "0"),
    // archives and the network
    ("tar xzf a.tgz", "cwd /app/a.tgz", "/app", "varies 2"),
    ("tar xzf /data/a.tgz -C /opt/x", "/data/a.tgz", "/opt/x", "varies 2"),
    ("tar -C/opt/x -xf a.tar", "cwd /app/a.tar", "/opt/x", "varies 2"),
    ("tar --extract --file=/data/a.tar --directory=/opt/x", "/data/a.tar", "/opt/x", "varies 2"),
    ("tar cf /data/o.tar src", "cwd /app /app/src", "/data", "varies 2"),
    ("tar -tf /data/a.tar", "/data/a.tar", "", "varies 1"),
    ("tar xf /a.tar -C /b -C c", "?", "?", "-"),
    ("tar --to-command=x -xf a.tar", "?", "?", "-"),
    ("unzip /data/a.zip -d /opt/x", "/data", "/opt/x", "varies 2"),
    ("unzip /data/a.zip", "/data cwd", "/app", "varies 2"),
    ("curl -fsSL https://a/b", "/root", "", "varies 3"),
    ("curl -fsSLo/data/x https://a/b", "/root", "/data", "varies 3"),
    ("curl -O https://a/b", "/root cwd", "/app", "varies 3"),
    ("curl -O --output-dir /data https://a/b", "/root", "/data", "varies 3"),
    ("curl --output-dir=/data -o x https://a/b", "/root cwd", "/data /app", "varies 3"),
    ("curl -d @x https://a/b", "?", "?", "-"),
    ("curl -H @x https://a/b", "?", "?", "-"),
    ("curl file:///app/x -o /data/x", "?", "?", "-"),
    ("curl --trace-ascii out https://a/b", "?", "?", "-"),
    ("wget -qO- https://a/b | tar xz -C /opt/x", "/root", "/opt/x", "varies 5"),
    ("wget -P /data https://a/b", "/root", "/data", "varies 3"),
    ("wget -nv https://a/b", "/root cwd", "/app", "varies 3"),
    ("wget -i list", "?", "?", "-"),
    ("git clone https://a/b/c.git", "/root cwd", "/app", "varies 5"),
    ("git clone --depth 1 https://a/b/c.git /data/c", "/root", "/data", "varies 5"),
    ("git clone -b v1 git@a:b/c", "/root cwd", "/app", "varies 5"),
    ("git clone ../other /data/c", "/root any", "/data", "varies 5"),
    ("git clone --template=x https://a/b /data/c", "?", "?", "-"),
    ("git clone $REPO /data/c", "/root any", "/data", "varies 5"),
    ("git -C x clone https://a/b", "?", "?", "-"),
    ("git config --global user.name me", "/root", "/root", "varies 0"),
    ("git config user.name me", "?", "?", "-"),
    ("git submodule update --init", "?", "?", "-"),
    ("gpg --import key.asc", "/root cwd /app/key.asc", "/root", "varies 1"),
    ("gpg --batch --keyserver k --recv-keys AB", "/root", "/root", "varies 2"),
    ("ssh-keygen -A", "", "system", "varies 1"),
    // Python
    ("pip install flask==3.0", "/root", "system /root", "varies 15"),
    ("pip install --no-cache-dir -U 'flask[async]>=2' requests", "/root", "system /root", "varies 15"),
    ("pip install flask==$VERSION", "/root", "system /root", "varies 15"),
    ("pip install $PACKAGES", "?", "?", "20"),
    ("pip install -r requirements.txt", "any /root cwd /app/requirements.txt", "system /root /app", "varies 20"),
    ("pip install -rrequirements.txt", "any /root cwd /app/requirements.txt", "system /root /app", "varies 20"),
    ("pip install flask --constraint=c.txt", "any /root cwd /app/c.txt", "system /root /app", "varies 20"),
    ("pip install .", "?", "?", "20"),
    ("pip install -e .", "?", "?", "20"),
    ("pip install -e git+https://a/b#egg=b", "?", "?", "20"),
    ("pip install ./x.whl", "?", "?", "20"),
    ("pip install x.whl", "?", "?", "20"),
    ("pip install dist/x.tar.gz", "?", "?", "20"),
    ("pip install git+https://a/b", "/root", "system /root", "varies 15"),
    ("pip install git+file:///app/x", "?", "?", "20"),
    ("pip install 'x @ file:///app/x'", "?", "?", "20"),
    ("pip install --target /data flask", "/root", "system /root /data", "varies 15"),
    ("pip install -tdata flask", "/root cwd", "system /root /app", "varies 15"),
    ("pip install --prefix=/install flask", "/root", "system /root /install", "varies 15"),
    ("pip install -f wheels flask", "/root cwd /app/wheels", "system /root", "varies 15"),
    ("pip install --unknown-flag x flask", "?", "?", "20"),
    ("pip install -i ./index flask", "?", "?", "20"),
    ("pip install --index-url=https://a/b flask", "/root", "system /root", "varies 15"),
    ("PIP_TARGET=lib pip install flask", "?", "?", "15"),
    ("PIP_TARGET=/data pip install flask", "/data /root", "system /root /data", "varies 15"),
    ("pip config set global.target lib && pip install flask", "?", "?", "15"),
    ("HOME=/data pip install flask", "/data any", "system any /data", "varies 15"),
    ("python -m pip install flask", "cwd /app /root", "system /root", "varies 15"),
    ("python3 -m pip install -r r.txt", "cwd /app any /root /app/r.txt", "system /root /app", "varies 20"),
    ("python3.12 -m pip install flask", "cwd /app /root", "system /root", "varies 15"),
    ("python -m venv /opt/venv", "cwd /app", "/opt/venv", "varies 4"),
    (
        "python -m venv /opt/venv && /opt/venv/bin/pip install flask",
        "cwd /app /opt/venv /root",
        "/opt/venv system /root",
        "varies 19",
    ),
    ("python -m http.server", "?", "?", "-"),
    ("python setup.py install", "?", "?", "20"),
    ("python -c 'print(1)'", "?", "?", "-"),
    ("python --version", "", "", "0"),
    ("pip wheel -w /wheels -r r.txt", "any /root cwd /app/r.txt", "system /root /app /wheels", "varies 20"),
    ("pip uninstall -y flask", "/root", "system /root", "varies 2"),
    ("pip freeze", "?", "?", "-"),
    ("uv pip install flask", "any /root cwd", "system /root /app", "varies 8"),
    ("uv sync --frozen", "?", "?", "8"),
    ("poetry config virtualenvs.create false", "any /root cwd", "/root /app", "varies 0"),
    ("poetry install --no-root", "?", "?", "25"),
    ("pipenv install --system", "?", "?", "25"),
    ("conda install -y -n base -c conda-forge numpy=1.2", "/root", "system /root", "varies 40"),
    ("conda install -y ./x.conda", "?", "?", "60"),
    ("conda env update -f env.yml", "any /root cwd /app/env.yml", "system /root /app", "varies 60"),
    ("conda create -p /env python", "/root", "system /root /env", "varies 40"),
    ("conda clean -afy", "/root", "system /root", "varies 2"),
    ("conda run x", "?", "?", "-"),
    // Node
    ("npm install -g yarn@1", "/root /tmp", "system /root /tmp", "varies 8"),
    ("npm i --location=global @scope/x@1", "/root /tmp", "system /root /tmp", "varies 8"),
    ("npm i -g .", "?", "?", "25"),
    ("npm i -g", "?", "?", "25"),
    ("npm i -g ./pkg", "?", "?", "25"),
    ("npm i -g x.tgz", "?", "?", "25"),
    ("npm i -g file:../x", "?", "?", "25"),
    ("npm i -g https://a/x.tgz", "/root /tmp", "system /root /tmp", "varies 8"),
    ("npm i -g --prefix /data x", "/root /tmp", "system /root /tmp /data", "varies 8"),
    ("npm i -g --prefix=data x", "/root /tmp cwd", "system /root /tmp /app", "varies 8"),
    ("npm i --global=false x", "?", "?", "25"),
    ("npm install x", "?", "?", "25"),
    ("npm ci", "?", "?", "25"),
    ("npm ci --ignore-scripts", "any /root cwd /tmp", "system /root /app /tmp", "varies 25"),
    ("npm --prefix web ci", "?", "?", "25"),
    ("npm --prefix web ci --ignore-scripts", "any /root cwd /tmp", "system /root /app /tmp", "varies 25"),
    ("npm run build", "?", "?", "25"),
    ("npm run-script test", "?", "?", "20"),
    ("npm frobnicate", "?", "?", "-"),
    ("npm config set prefix /data && npm i -g x", "?", "?", "8"),
    ("npm config set registry https://a && npm i -g x", "any /root /tmp", "system /root /tmp", "varies 8"),
    ("echo prefix=/data > ~/.npmrc && npm i -g x", "?", "?", "8"),
    ("npm cache clean --force", "any /root /tmp", "system /root /tmp", "varies 1"),
    ("yarn", "?", "?", "25"),
    ("yarn install --frozen-lockfile", "?", "?", "25"),
    ("yarn global add x", "?", "?", "8"),
    ("pnpm install", "?", "?", "15"),
    ("npx x", "?", "?", "-"),
    ("corepack enable", "/root /tmp", "system /root /tmp", "varies 0"),
    ("corepack prepare yarn@4 --activate", "/root /tmp", "system /root /tmp", "varies 2"),
    ("corepack prepare", "?", "?", "2"),
    ("node server.js", "?", "?", "-"),
    // other languages
    ("go install host/x@v1", "/root /go /tmp", "/root /go /tmp", "varies 15"),
    ("go install ./...", "?", "?", "20"),
    ("go install host/x", "?", "?", "20"),
    ("go install -ldflags=-s host/x@v1", "/root /go /tmp", "/root /go /tmp", "varies 15"),
    ("go install -C x host/x@v1", "?", "?", "20"),
    ("go get host/x", "any /root /go /tmp cwd", "/root /go /tmp /app", "varies 10"),
    ("go mod download", "any /root /go /tmp cwd", "/root /go /tmp /app", "varies 10"),
    ("go build -o /data/x .", "?", "?", "20"),
    ("GOBIN=/data go install host/x@v1", "/data /root /go /tmp", "/root /data /go /tmp", "varies 15"),
    ("GOFLAGS=-mod=mod go install host/x@v1", "?", "?", "15"),
    ("cargo install ripgrep", "any /root /tmp", "system /root /tmp", "varies 60"),
    ("cargo install --path .", "?", "?", "90"),
    ("cargo install --root /data x", "any /root /tmp", "system /root /tmp /data", "varies 60"),
    ("cargo build --release", "?", "?", "90"),
    ("cargo +nightly build", "?", "?", "90"),
    ("cargo fetch --locked", "any /root cwd", "system /root /app", "varies 10"),
    ("rustup target add x", "any /root /tmp", "system /root /tmp", "varies 8"),
    ("rustup default stable", "/root /tmp", "system /root /tmp", "varies 20"),
    ("gem install rails", "/root cwd /app /tmp", "system /root /tmp", "varies 10"),
    ("gem install -r rails", "/root /tmp", "system /root /tmp", "varies 10"),
    ("gem install -i vendor -r rails", "/root /tmp cwd", "system /root /tmp /app", "varies 10"),
    ("gem install ./x.gem", "?", "?", "10"),
    ("gem install x.gem", "?", "?", "10"),
    ("bundle install", "?", "?", "30"),
    ("bundle exec rake", "?", "?", "10"),
    ("composer install --no-dev", "?", "?", "20"),
    ("composer global require a/b", "?", "?", "20"),
    ("composer -d web install", "?", "?", "20"),
    ("dotnet restore", "?", "?", "15"),
    ("dotnet tool install --tool-path /tools x", "any /root /tmp", "system /root /tmp /tools", "varies 8"),
    ("mvn -B package", "?", "?", "60"),
    ("./gradlew build", "?", "?", "60"),
    ("pecl install redis", "/root cwd /app /tmp", "system /tmp", "varies 20"),
    ("docker-php-ext-install -j\"$(nproc)\" gd", "", "system", "varies 30"),
    ("docker-php-ext-configure gd --with-jpeg=/usr", "/usr", "system", "varies 5"),
    ("docker-php-ext-configure gd --with-jpeg=/app/jpeg", "/app/jpeg", "system", "varies 5"),
    // builds
    ("make", "?", "?", "20"),
    ("cmake --build build", "?", "?", "20"),
    ("./configure --prefix=/usr", "?", "?", "10"),
    ("gcc -o x x.c", "?", "?", "2"),
    ("./build.sh", "?", "?", "-"),
    ("chmod +x build.sh && ./build.sh", "?", "?", "-"),
    ("apt-get update && ./build.sh", "?", "?", "5"),
    ("apt-get update; make -j4; make install", "?", "?", "45"),
    // the shell
    ("cd /data && mkdir x", "/data cwd", "/data", "0"),
    ("(cd /data && touch x); touch y", "/data cwd", "any", "0"),
    ("cd sub && touch x", "cwd /app/sub", "/app", "0"),
    ("sh -c 'mkdir /data'", "", "/data", "0"),
    ("sh -c \"cd /data && touch x\"", "/data cwd", "/data", "0"),
    ("sh -ec 'make'", "?", "?", "20"),
    ("sh -c \"$SCRIPT\"", "?", "?", "-"),
    ("sh script.sh", "?", "?", "-"),
    ("bash -c 'apt-get update'", "?", "?", "5"),
    ("bash -lc 'apt-get update'", "?", "?", "-"),
    ("eval mkdir /data", "?", "?", "-"),
    (". ./env", "?", "?", "-"),
    ("source ./env", "?", "?", "-"),
    ("exec mkdir /data", "", "/data", "0"),
    ("command mkdir /data", "", "/data", "0"),
    ("command -v git", "", "", "0"),
    ("env A=1 mkdir /data", "", "/data", "0"),
    ("env PATH=bin:/usr/bin mkdir /data", "?", "?", "0"),
    ("sudo -E apt-get update", "", "system", "varies 5"),
    ("sudo -u me mkdir /data", "?", "?", "-"),
    ("timeout 60 apt-get update", "", "system", "varies 5"),
    ("export A=/data/x && mkdir /y", "/data/x", "/y", "0"),
    ("export PATH=/opt/x/bin:$PATH && apt-get update", "/opt/x/bin", "system", "varies 5"),
    ("export PATH=bin:$PATH && apt-get update", "?", "?", "5"),
    ("export PATH=$X:$PATH && apt-get update", "?", "?", "5"),
    ("PATH=\"$PATH:/opt/x/bin\" apt-get update", "/opt/x/bin", "system", "varies 5"),
    ("\"mkdir\" '/da'ta", "", "/data", "0"),
    ("mk\"dir\" /data", "", "/data", "0"),
    ("alias x=y", "?", "?", "-"),
    ("trap 'rm x' EXIT", "?", "?", "-"),
    ("mktemp -d", "/tmp", "/tmp", "varies 0"),
    ("set -eux", "", "", "0"),
    ("date > /data/stamp", "", "/data", "varies 0"),
    // users and settings
    ("useradd -m me", "", "accounts /home/me", "varies 0"),
    ("useradd -d /srv/me -m me", "", "accounts /srv /home/me", "varies 0"),
    ("usermod -aG docker me", "", "accounts", "varies 0"),
    ("usermod -u 1000 me", "any", "accounts any", "varies 0"),
    ("groupadd -g 1 g", "", "accounts", "varies 0"),
    ("update-ca-certificates", "", "system", "varies 2"),
    ("update-alternatives --install /usr/bin/x x /opt/x/bin/x 1", "", "system /usr/bin/x /opt/x", "varies 0"),
    ("update-alternatives --install /data/x x /opt/x/bin/x 1", "", "system /data /opt/x", "varies 0"),
    ("systemctl enable ssh", "", "system", "varies 0"),
    ("debconf-set-selections answers", "cwd /app/answers", "system", "varies 0"),
    ("setcap cap_net_raw+ep /usr/bin/x", "", "/usr/bin/x", "0"),
    ("locale-gen en_US.UTF-8", "", "system", "varies 2"),
];

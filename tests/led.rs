//! Files that no command of a RUN names, but which it reads all the same: links, settings and variables lead there.

#[path = "support/order.rs"]
mod order;

use layerwise::config::Builder;
use order::fixed_for;

const APT: &str = "apt-get update && apt-get install -y curl";

/// Each of `runs` stays below `copy`, and the same RUN without what leads there would not.
#[track_caller]
fn stay(above: &str, copy: &str, runs: &[&str]) {
    for run in runs {
        let text = format!("FROM debian:12\n{above}{copy}\nRUN {run}\n");
        assert_eq!(fixed_for(Builder::Buildkit, &text), text);
    }
    let free = format!("FROM debian:12\nWORKDIR /w\n{copy}\nRUN {APT}\n");
    assert_ne!(fixed_for(Builder::Buildkit, &free), free, "nothing passes {copy}");
}

#[track_caller]
fn goes(text: &str) {
    assert_ne!(fixed_for(Builder::Buildkit, text), text);
}

#[test]
fn a_link_of_the_same_run_leads_to_the_files() {
    stay(
        "WORKDIR /app\n",
        "COPY . /app",
        &[
            &format!("ln -s /app/bin/cli.js /usr/local/bin/cli && {APT} && chmod +x /usr/local/bin/cli"),
            "ln -s /app/pkgs /tmp/pkgs && dpkg -i /tmp/pkgs/foo.deb",
            "apt-get update && ln -sf /app/log /var/log/app && touch /var/log/app/x.log",
            "apt-get update && ln -sf /app /srv/site && chown -R www-data /srv/site/",
            "ln -s /app /srv/www && cd /srv/www && tar xzf vendor.tgz",
        ],
    );
}

#[test]
fn a_link_among_settings_and_programs_leads_to_the_files() {
    stay(
        "WORKDIR /w\n",
        "COPY . /app",
        &[
            "ln -s /app/certs/my.crt /usr/local/share/ca-certificates/my.crt && update-ca-certificates",
            "ln -sf /app/repositories /etc/apk/repositories && apk add curl",
            "ln -s ../../../app/nodesource.list /etc/apt/sources.list.d/n.list && apt-get update && apt-get install -y nodejs",
            "ln -s /app/bin/curl /usr/local/bin/curl && curl -o /x https://example.org/x",
            "ln -s /app/gitconfig /root/.gitconfig && git clone https://example.org/x /x",
            "ln -s $WHERE/curl /usr/local/bin/curl && curl -o /x https://example.org/x",
        ],
    );
    let link = "RUN ln -s /app/netrc /root/.netrc\n";
    stay(link, "COPY . /app", &[APT]);
    stay(&format!("AS b\n{link}FROM b\n").replace("AS b", "RUN true\nFROM debian:12 AS b"), "COPY . /app", &[APT]);
    goes(&format!("FROM debian:12\nRUN ln -s /usr/bin/python3 /usr/bin/python\nCOPY . /app\nRUN {APT}\n"));
}

#[test]
fn settings_lead_to_the_files() {
    stay(
        "WORKDIR /w\n",
        "COPY x /repo/",
        &[
            &format!("echo 'deb [trusted=yes] file:/repo ./' > /etc/apt/sources.list.d/local.list && {APT}"),
            &format!(
                "echo 'deb [signed-by=/repo/key.gpg] https://example.org/ ./' > /etc/apt/sources.list.d/a.list && {APT}"
            ),
            &format!("echo 'DPkg::Post-Invoke {{\"/repo/hook.sh\";}};' | tee /etc/apt/apt.conf.d/99 && {APT}"),
            "printf '[a]\\nbaseurl=file:///repo\\n' > /etc/yum.repos.d/a.repo && dnf install -y curl",
            "echo /repo >> /etc/apk/repositories && apk add curl",
            "git config --global http.sslCAInfo /repo/ca.pem && git clone https://example.org/x /x",
            "git config --system credential.helper 'store --file /repo/git' && git clone https://example.org/x /x",
            "pip config set global.cert /repo/ca.pem && pip install flask",
            "conda config --set ssl_verify /repo/ca.pem && conda install -y flask",
            "cp /somewhere/pip.conf /etc/ && pip install flask",
            &format!("cp -t /etc/apt/sources.list.d/ /somewhere/a.list && {APT}"),
            &format!("ln -s ../../../repo/a.list /etc/apt/sources.list.d && {APT}"),
            &format!("ln -s ../../../../repo/a.list /etc/apt/sources.list.d && {APT}"),
            &format!("echo \"deb [trusted=yes] file:$WHERE/x ./\" > /etc/apt/sources.list.d/a.list && {APT}"),
            &format!(
                "echo \"deb [trusted=yes] file:${{WHERE:-/repo}}/x ./\" > /etc/apt/sources.list.d/a.list && {APT}"
            ),
            &format!("echo 'deb [trusted=yes] copy:///repo ./' > /etc/apt/sources.list.d/a.list && {APT}"),
            &format!("echo 'deb [trusted=yes] file:/re\\\npo ./' > /etc/apt/sources.list.d/a.list && {APT}"),
            "printf '[x]\nbaseurl=dir:///repo\n' > /etc/zypp/repos.d/x.repo && zypper -n install foo",
            "zypper --non-interactive install --plus-repo dir:///repo foo",
            "git config --global init.templateDir ../repo/t && git clone https://example.org/x /x",
            "echo SKEL=/repo/skel >> /etc/default/useradd && useradd -m x && apt-get update",
            "echo 'import sys; sys.path.insert(0, \"/repo\")' > /usr/lib/python3/site-packages/sitecustomize.py && pip install x",
            "echo /repo/lib > /etc/ld.so.conf.d/deps.conf && ldconfig",
        ],
    );
    for above in [
        "RUN echo 'deb [trusted=yes] file:/repo ./' > /etc/apt/sources.list.d/local.list\n",
        "COPY local.list /etc/apt/sources.list.d/\n",
        "COPY etc/ /etc/\n",
        "COPY .curlrc /root/.curlrc\n",
        "ADD etc.tar.gz /etc/\n",
        "ADD rootfs.tar /\n",
        "COPY <<E /etc/yum.repos.d/a.repo\nbaseurl=file:///repo\nE\n",
    ] {
        stay(above, "COPY x /repo/", &[APT]);
        let base = format!("RUN true\nFROM debian:12 AS b\n{above}FROM b\n");
        stay(&base, "COPY x /repo/", &[APT]);
    }
    for above in [
        "RUN echo 'deb [signed-by=/usr/share/keyrings/a.gpg] https://example.org/repo ./' > /etc/apt/sources.list.d/a.list\n",
        "RUN echo '/repo' > /etc/nginx/conf.d/a.conf\n",
        "RUN echo \"deb https://example.org/$ID/repo $(lsb_release -cs) main\" > /etc/apt/sources.list.d/a.list\n",
        "RUN echo 'export PATH=$HOME/.cargo/bin:$PATH' >> /root/.bashrc\n",
        "COPY entrypoint.sh /\n",
        "COPY a.conf /etc/nginx/conf.d/\n",
        "COPY <<E /etc/yum.repos.d/a.repo\nbaseurl=https://example.org/repo\nE\n",
    ] {
        goes(&format!("FROM debian:12\n{above}COPY x /repo/\nRUN {APT}\n"));
    }
}

#[test]
fn a_here_document_of_a_line_is_read_by_the_shell() {
    let files = "WORKDIR /app\n";
    for inside in ["v $(cat /app/VERSION)", "`/app/gen-hosts.sh`", "$(rm -rf /app/tmp; echo done)"] {
        stay(files, "COPY . /app", &[&format!("{APT} && cat > /etc/version <<EOF\n{inside}\nEOF")]);
    }
    goes(&format!("FROM debian:12\nCOPY . /app\nRUN {APT} && cat > /etc/version <<'EOF'\n$(cat /app/VERSION)\nEOF\n"));
    goes(&format!("FROM debian:12\nCOPY . /app\nRUN {APT} && cat > /etc/version <<EOF\n$VERSION\nEOF\n"));
}

#[test]
fn a_folder_counts_only_if_the_script_ends_without_it() {
    stay(
        "WORKDIR /app\n",
        "COPY . .",
        &[
            "cd /tmp && wget -q https://example.org/y.tgz && tar xzf y.tgz -C /opt && cd - && mkdir -p logs",
            "npm install -g pm2; cd /opt/x || true; rm -rf docs",
            "npm install -g pm2; cd /opt/plugins && rm -rf old; rm -rf docs",
            "set -e; npm install -g pm2; cd /opt/plugins && rm -rf old; rm -rf docs",
            "set -e; npm install -g pm2; { cd /opt/plugins && rm -rf old; }; rm -rf docs",
            "npm install -g pm2; if cd /cache; then rm -rf old; fi; mkdir -p logs",
            "npm install -g pm2; cd /opt/x; mkdir -p logs",
            "set -- -e; npm install -g pm2; cd /opt/x; mkdir -p logs",
            "set -e; npm install -g pm2; if true; then set +e; fi; cd /opt/x; mkdir -p logs",
            "if true; then set -e; fi; npm install -g pm2; cd /opt/x; mkdir -p logs",
        ],
    );
    for run in [
        "npm install -g pm2 && cd /opt/x && mkdir -p logs",
        "set -ex; npm install -g pm2; cd /opt/x; mkdir -p logs",
        "npm install -g pm2; set -o errexit; cd /opt/x; mkdir -p logs",
    ] {
        goes(&format!("FROM node:20\nUSER root\nWORKDIR /app\nCOPY . .\nRUN {run}\n"));
    }
}

#[test]
fn the_name_of_the_working_directory_is_read() {
    let text = |line: &str| format!("FROM debian:12\nCOPY . /app\nWORKDIR /data\nRUN {APT} && {line}\n");
    for line in [
        "echo \"DATA=$PWD\" >> /etc/datadir",
        "cat > /etc/datadir <<E\n${PWD}\nE",
        "echo $OLDPWD > /etc/x",
        "export -p > /etc/x",
        "set > /etc/x",
        "declare -p PWD > /etc/x",
        "V=PWD; echo ${!V} > /etc/x",
        "echo ~+ > /etc/x",
    ] {
        let fixed = fixed_for(Builder::Buildkit, &text(line));
        assert!(fixed.find("WORKDIR /data") < fixed.find("RUN apt"), "{fixed}");
    }
}

#[test]
fn shims_look_into_the_folder() {
    let path = "ENV PATH=/root/.pyenv/shims:$PATH\nWORKDIR /app\n";
    stay(path, "COPY . .", &["pip install gunicorn", "npm install -g pm2", APT]);
}

#[test]
fn variables_lead_to_the_files() {
    stay(
        "WORKDIR /app\n",
        "COPY . .",
        &[
            "GIT_SSH_COMMAND=\"ssh -i deploy_key\" git clone git@example.org:a/y.git /opt/y",
            "CURL_CA_BUNDLE=certs/ca.pem curl -o /x https://example.org/x",
            "export REQUESTS_CA_BUNDLE=certs/ca.pem && pip install flask",
            "env GIT_SSH=./w.sh git clone https://example.org/x /x",
            "APT_CONFIG=apt.conf apt-get update && apt-get install -y curl",
        ],
    );
    let deps = "COPY deps/ /deps/";
    for (line, run) in [
        ("ENV CFLAGS=\"-I/deps/include\" LDFLAGS=\"-L/deps/lib\"", "pip install psycopg2"),
        ("ENV GOPROXY=file:///deps,direct", "go install example.org/x@latest"),
        ("ENV CONDA_CHANNELS=/deps,defaults", "conda install -y flask"),
        ("ARG CERTS=/deps\nENV SSL_CERT_FILE=$CERTS/ca.pem", "curl -o /x https://example.org/x"),
        ("SHELL [\"/bin/bash\", \"-lc\"]", APT),
        ("SHELL [\"/bin/bash\", \"/deps/wrap.sh\"]", APT),
        ("ENV BASH_ENV=env.sh", APT),
    ] {
        stay(&format!("{line}\n"), deps, &[run]);
    }
    goes(&format!("FROM debian:12\nSHELL [\"/bin/bash\", \"-euxo\", \"pipefail\", \"-c\"]\n{deps}\nRUN {APT}\n"));
}

#[test]
fn programs_find_files_that_are_not_quite_named() {
    stay(
        "WORKDIR /app\n",
        "COPY . .",
        &[
            "pacman -U --noconfirm foo-1-1-any.pkg.tar.zst",
            "virtualenv -p ./python/bin/python3 /venv",
            "localedef -i ./mylocale -f UTF-8 xx_XX.UTF-8",
            "localedef -i mylocale -f UTF-8 xx_XX.UTF-8",
            "dnf install -y --repofrompath local,/app/repo --repo local foo",
            "curl -fsSL FILE:///app/x -o /etc/y",
            "curl --proto-default file /app/x -o /etc/y",
            "apt-get -o APT::Update::Pre-Invoke::=make update",
            "docker-php-ext-configure /app/x --enable-x && docker-php-ext-install /app/x",
            &format!("{APT} && which /app/bin/tool > /etc/y"),
            &format!("{APT} && command -v /app/bin/tool > /etc/y || touch /etc/missing"),
            &format!("{APT} && echo /app/x | file -f - > /etc/y"),
            &format!("{APT} && awk 'BEGIN{{ARGV[1]=\"/app/x\";ARGC=2}}{{print}}' > /etc/y"),
            &format!("{APT} && cat /proc/self/cwd/x > /etc/y"),
            &format!("{APT} && cat /proc/self/root/app/x > /etc/y"),
            &format!("{APT} && sed -i '1rbanner.txt' /etc/motd"),
            "apt-get update && apt-get build-dep -y app/",
        ],
    );
    stay(
        "WORKDIR /w\n",
        "COPY a.x /tmp/a.x",
        &[
            "unzip '/tmp/*.x' -d /opt/x",
            "unzip /tmp/a -d /opt/x",
            "unzip $WHERE -d /opt/x",
            &format!("{APT} && gzip -dc /tmp/a > /opt/a"),
            &format!("{APT} && gpg --batch --verify /tmp/a.x.asc"),
        ],
    );
}

#[test]
fn who_makes_a_folder_gives_it_its_owner() {
    stay("", "COPY --chown=1000:1000 x /usr/src/app/", &["git clone https://example.org/lib.git /usr/src/lib"]);
}

#[test]
fn variables_that_the_script_changes_say_nothing() {
    let env = "ENV X=/srv\nWORKDIR /w\n";
    stay(
        env,
        "COPY . /app",
        &[
            "apt-get update && unset X && cat $X/app/x > /etc/y",
            "apt-get update && : ${X:=/app} && cat $X/x > /etc/y",
            "apt-get update && printf -v X /app && cat $X/x > /etc/y",
        ],
    );
    goes("FROM debian:12\nENV X=/srv\nCOPY . /app\nRUN apt-get update && cat $X/x > /etc/y\n");
}

#[test]
fn a_run_of_which_little_is_known_still_leaves_its_links_and_settings() {
    let login = "SHELL [\"/bin/bash\", \"-lc\"]\nRUN ln -s /app /srv/www\nSHELL [\"/bin/sh\", \"-c\"]\n";
    let more = "RUN ln -s /app /srv/www && cat > /x <<E\n$(date)\nE\n";
    for above in [login, more] {
        stay(above, "COPY . /app", &["apt-get update && touch /srv/www/x"]);
        stay(above, "COPY . /app", &[APT]);
    }
}

#[test]
fn a_value_that_holds_a_pattern_is_matched_with_the_files() {
    stay(
        "ENV CRON=\"*/5 * * * *\"\nWORKDIR /app\n",
        "COPY . .",
        &[
            &format!("{APT} && echo $CRON root /opt/run > /etc/cron.d/x"),
            &format!("{APT} && printf '%s\\n' ${{CRON}} > /etc/cron.d/x"),
            &format!("S='* * * * *' && {APT} && echo $S > /etc/cron.d/x"),
            &format!("{APT} && echo $(cat /etc/motd) > /etc/x"),
        ],
    );
    goes(&format!(
        "FROM debian:12\nENV CRON=\"* * * * *\"\nWORKDIR /app\nCOPY . .\nRUN {APT} && echo \"$CRON\" > /etc/x\n"
    ));
    goes(&format!("FROM debian:12\nENV V=1.2\nWORKDIR /app\nCOPY . .\nRUN {APT} && echo $V > /etc/x\n"));
}

#[test]
fn a_setting_names_a_file_of_the_working_directory() {
    stay(
        "RUN echo \"cacert = certs/ca.pem\" >> /root/.curlrc\nWORKDIR /app\n",
        "COPY . .",
        &["curl -fsSL -o /opt/tool https://example.org/tool"],
    );
    stay(
        "WORKDIR /app\n",
        "COPY . .",
        &[
            "git config --global core.sshCommand \"ssh -i deploy_key\" && git clone git@example.org:a/lib.git /opt/lib",
            "git config --global http.sslCAInfo ca.pem && git clone https://example.org/lib.git /opt/lib",
            "pip config set global.cert ca.pem && pip install flask",
        ],
    );
    goes(
        "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN git config --global core.sshCommand \"ssh -o StrictHostKeyChecking=no\" \
         && git clone git@example.org:a/lib.git /opt/lib\n",
    );
}

#[test]
fn a_variable_may_stand_for_flags() {
    let curl = "curl $CURL_OPTS -o /opt/tool https://example.org/tool";
    stay("ENV CURL_OPTS=\"--config ci/curlrc\"\nWORKDIR /app\n", "COPY . .", &[curl]);
    stay("ENV C=\"-fsSL --cacert ca.pem\"\nWORKDIR /app\n", "COPY . .", &["curl $C -o /opt/x https://example.org/x"]);
    let with_default = "curl ${CURL_OPTS:---config=../curlrc} -o /opt/tool https://example.org/tool";
    stay("ARG CURL_OPTS\nWORKDIR /app\n", "COPY . .", &[curl, with_default]);
    for name in ["URL", "ADOPTOPENJDK_URL"] {
        goes(&format!("FROM debian:12\nARG {name}\nWORKDIR /app\nCOPY . .\nRUN curl -fsSL ${name} -o /opt/x\n"));
    }
}

#[test]
fn an_install_script_may_look_into_the_folder() {
    stay("WORKDIR /app\n", "COPY . .", &["npm install -g prisma", "npm install -g pm2 @prisma/client@5"]);
    goes("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install -g pm2 prisma-lint\n");
}

#[test]
fn sed_reads_the_file_that_stands_at_its_letter() {
    stay(
        "WORKDIR /app\n",
        "COPY . .",
        &[&format!("{APT} && sed -i '/x/rbanner.txt' /etc/motd"), &format!("{APT} && sed -i 's/a/b/wout' /etc/motd")],
    );
    goes(&format!("FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN {APT} && sed -i 's/root/wheel/; /x/d' /etc/motd\n"));
}

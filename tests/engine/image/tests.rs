use super::*;
use crate::compare::differences;
use serde_json::json;
use tar::Header;

/// What the tests put into an archive.
struct Made {
    path: &'static str,
    kind: EntryType,
    mode: u32,
    owner: (u64, u64),
    target: Option<&'static str>,
    content: Vec<u8>,
    attribute: Option<&'static [u8]>,
    time: u64,
}

fn made() -> Made {
    let (kind, content) = (EntryType::Regular, b"text".to_vec());
    Made { path: "app/a", kind, mode: 0o644, owner: (0, 0), target: None, content, attribute: None, time: 1 }
}

fn image(entries: &[Made]) -> Image {
    let mut archive = tar::Builder::new(Vec::new());
    for made in entries {
        if let Some(value) = made.attribute {
            archive.append_pax_extensions([("SCHILY.xattr.user.a", value)]).unwrap();
        }
        let mut header = Header::new_ustar();
        header.set_path(made.path).unwrap();
        header.set_entry_type(made.kind);
        header.set_mode(made.mode);
        header.set_uid(made.owner.0);
        header.set_gid(made.owner.1);
        header.set_mtime(made.time);
        header.set_size(made.content.len() as u64);
        if let Some(target) = made.target {
            header.set_link_name(target).unwrap();
        }
        header.set_cksum();
        archive.append(&header, &made.content[..]).unwrap();
    }
    let bytes = archive.into_inner().unwrap();
    Image { files: files(&bytes[..]).unwrap(), ..Image::default() }
}

/// What differs between the usual file and `other`.
#[track_caller]
fn differs(other: Made, want: &[&str]) {
    let found = differences(&image(&[made()]), &image(&[other]));
    assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), want);
}

#[test]
fn each_kind_of_difference_is_seen() {
    differs(made(), &[]);
    differs(Made { time: 2, ..made() }, &[]);
    differs(Made { mode: 0o755, ..made() }, &["/app/a: mode: 0644 -> 0755"]);
    differs(Made { mode: 0o4644, ..made() }, &["/app/a: mode: 0644 -> 4644"]);
    differs(Made { owner: (1, 2), ..made() }, &["/app/a: owner: 0:0 -> 1:2"]);
    differs(Made { content: b"tex\n".to_vec(), ..made() }, &["/app/a: content: text -> tex\\n"]);
    differs(Made { attribute: Some(b"1\0"), ..made() }, &["/app/a: xattr user.a: none -> 1\\\\x00"]);
    differs(
        Made { path: "app/b", ..made() },
        &[
            "/app/a: path: mode 0644, owner 0:0, type file, content text -> none",
            "/app/b: path: none -> mode 0644, owner 0:0, type file, content text",
        ],
    );
    let folder = Made { kind: EntryType::Directory, content: Vec::new(), ..made() };
    differs(folder, &["/app/a: content: text -> none", "/app/a: type: file -> folder"]);
    let link = || Made { kind: EntryType::Symlink, content: Vec::new(), target: Some("b"), ..made() };
    differs(
        link(),
        &["/app/a: content: text -> none", "/app/a: target: none -> b", "/app/a: type: file -> symbolic link"],
    );
    let other = Made { target: Some("c"), ..link() };
    assert_eq!(differences(&image(&[link()]), &image(&[other]))[0].to_string(), "/app/a: target: b -> c");
}

#[test]
fn long_contents_and_bytes_are_told_apart_by_their_hash() {
    for size in [4095, 4096, 5000, 200_000] {
        let file = |last: u8| {
            let mut content = vec![b'x'; size];
            content[size - 1] = last;
            image(&[Made { content, ..made() }])
        };
        assert_eq!(differences(&file(b'a'), &file(b'a')), []);
        assert_eq!(differences(&file(b'a'), &file(b'b')).len(), 1, "{size} bytes");
        assert_eq!(differences(&file(0xff), &file(0xfe)).len(), 1, "{size} bytes that are no text");
    }
}

#[test]
fn names_of_one_file_are_equals_and_a_copy_is_not_one() {
    let link = |path, target| Made { path, kind: EntryType::Link, target: Some(target), content: Vec::new(), ..made() };
    let file = |path| Made { path, ..made() };
    let one = image(&[file("a"), link("b", "a")]);
    assert_eq!(differences(&one, &image(&[file("b"), link("a", "b")])), []);
    let copied = differences(&one, &image(&[file("a"), file("b")]));
    assert_eq!(copied.iter().map(|d| &*d.what).collect::<Vec<_>>(), ["names", "names"]);
}

#[test]
fn the_config_is_read_part_by_part() {
    let before = json!({ "Os": "linux", "Author": "", "Config": {
        "Hostname": "x", "Image": "y", "Env": ["B=2", "A=1=1"], "Cmd": ["sh"], "Entrypoint": null, "User": "",
        "Labels": {"l": "1"}, "ExposedPorts": {"80/tcp": {}}, "Volumes": null, "WorkingDir": "/app",
        "Healthcheck": {"Test": ["NONE"]}, "StopSignal": "SIGINT", "Shell": ["sh", "-c"], "OnBuild": ["RUN x"],
    }});
    let facts = config(&before);
    let got: Vec<String> = facts.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        got,
        [
            "Cmd=[\"sh\"]",
            "Env A=1=1",
            "Env B=2",
            "ExposedPorts 80/tcp={}",
            "Healthcheck={\"Test\":[\"NONE\"]}",
            "Labels l=1",
            "OnBuild=[\"RUN x\"]",
            "Os=linux",
            "Shell=[\"sh\",\"-c\"]",
            "StopSignal=SIGINT",
            "WorkingDir=/app",
        ]
    );
    let mut after = before.clone();
    // The order of variables is none of the image's meaning, and neither is how emptiness is written.
    after["Config"]["Env"] = json!(["A=1=1", "B=2"]);
    after["Config"]["Entrypoint"] = json!([]);
    after["Config"]["Volumes"] = json!({});
    assert_eq!(config(&after), facts);
    let changes = [
        ("Env", json!(["A=1", "B=2"])),
        ("Cmd", json!(["sh", "-c"])),
        ("Entrypoint", json!(["x"])),
        ("User", json!("1")),
        ("Labels", json!({"l": "2"})),
        ("ExposedPorts", json!({"81/tcp": {}})),
        ("Volumes", json!({"/v": {}})),
        ("WorkingDir", json!("/")),
        ("Healthcheck", json!(null)),
        ("StopSignal", json!("SIGTERM")),
        ("Shell", json!(["bash"])),
        ("OnBuild", json!(["RUN y"])),
    ];
    for (key, value) in changes {
        let mut after = before.clone();
        after["Config"][key] = value;
        assert_ne!(config(&after), facts, "{key}");
    }
}

#[test]
fn the_line_that_fetches_a_frontend_goes_and_other_lines_stay() {
    assert_eq!(without_frontend("# syntax=docker/dockerfile:1\n# escape=`\nFROM a\n"), "# escape=`\nFROM a\n");
    assert_eq!(without_frontend("# escape=`\nFROM a\n"), "# escape=`\nFROM a\n");
}

#!/usr/bin/env node
// Packs the package `layerwise` and the one that holds the program for a platform:
//     node npm/pack.js PROGRAM FOLDER [PLATFORM]
// The version is that of Cargo.toml, for all of them. Packages for every platform can be packed on Linux.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];

const [program, folder, platform = `${process.platform}-${process.arch}`] = process.argv.slice(2);
if (!program || !folder || !PLATFORMS.includes(platform)) {
    console.error(`usage: node npm/pack.js PROGRAM FOLDER [${PLATFORMS.join('|')}]`);
    process.exit(2);
}

const root = path.join(__dirname, '..');
const version = /^version = "(.+)"$/m.exec(fs.readFileSync(path.join(root, 'Cargo.toml'), 'utf8'))[1];
const { name, description, license, repository, ...rest } = require('./package.json');

/** Packs a folder with these files, the licences and this `package.json`. */
function pack(json, files) {
    const work = fs.mkdtempSync(path.join(os.tmpdir(), 'layerwise-npm-'));
    try {
        for (const [file, source] of Object.entries(files)) {
            fs.copyFileSync(source, path.join(work, file));
            fs.chmodSync(path.join(work, file), 0o755);
        }
        for (const file of ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md']) {
            fs.copyFileSync(path.join(root, file), path.join(work, file));
        }
        fs.writeFileSync(path.join(work, 'package.json'), JSON.stringify(json, null, 2));
        execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(folder)], { cwd: work, stdio: 'inherit' });
    } finally {
        fs.rmSync(work, { recursive: true });
    }
}

fs.mkdirSync(folder, { recursive: true });
const [system, processor] = platform.split('-');
const file = system === 'win32' ? 'layerwise.exe' : 'layerwise';
const about = { description: `${description} (${platform})`, license, repository };
pack({ name: `@layerwise/${platform}`, version, ...about, os: [system], cpu: [processor] }, { [file]: program });
const optionalDependencies = Object.fromEntries(PLATFORMS.map((each) => [`@layerwise/${each}`, version]));
const launcher = { 'layerwise.js': path.join(__dirname, 'layerwise.js') };
pack({ name, version, description, license, repository, ...rest, optionalDependencies }, launcher);

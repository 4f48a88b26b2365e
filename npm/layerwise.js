#!/usr/bin/env node
// Runs the program, which stands in a package of its own for each platform, of which npm installs the one that fits.
'use strict';

const { spawnSync } = require('node:child_process');

const name = `@layerwise/${process.platform}-${process.arch}`;

function fail(message) {
    console.error(`layerwise: ${message}`);
    process.exit(2);
}

function find() {
    try {
        return require.resolve(`${name}/${process.platform === 'win32' ? 'layerwise.exe' : 'layerwise'}`);
    } catch {
        return fail(
            `the package ${name} is not there. Either npm was told to leave out optional packages, or there is none for ` +
            'this platform: then https://github.com/layerwise/layerwise says how to build layerwise',
        );
    }
}

const program = find();
const ran = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (ran.error) {
    fail(`${program} can't be started: ${ran.error.message}`);
}
if (ran.signal) {
    process.kill(process.pid, ran.signal);
}
process.exit(ran.status ?? 2);

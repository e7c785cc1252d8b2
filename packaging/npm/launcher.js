#!/usr/bin/env node
// Runs the program of the package for this platform, which npm installs as an optional dependency.
// Arguments, standard streams, signals and the exit status are passed on unchanged.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { optionalDependencies, version } = require("../package.json");

// As for an input that can't be read: the run failed, and says nothing about any payload.
const NOT_RUN = 3;

const name = `@mewshook/${process.platform}-${process.arch}`;

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(NOT_RUN);
}

function program() {
  if (!Object.hasOwn(optionalDependencies, name)) {
    const platforms = Object.keys(optionalDependencies).map((key) => key.split("/")[1]);
    fail(
      `mewshook has no npm package for ${process.platform}-${process.arch}, only for ` +
        `${platforms.join(", ")}: build it with Rust instead, by \`cargo install --locked mewshook\``,
    );
  }
  const file = process.platform === "win32" ? "mewshook.exe" : "mewshook";
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch {
    return fail(
      `the npm package ${name}@${version} is not installed, which has the program: run ` +
        "`npm install --include=optional mewshook` on this machine. It is missing if npm was run " +
        "with `--omit=optional`, or if `node_modules` was copied from another platform",
    );
  }
}

function isFromKey(signal) {
  return signal === "SIGINT" || signal === "SIGQUIT";
}

// A terminal sends the signals of its keys to all processes in the foreground, so the program already
// has them, and a second Ctrl-C would end it before it prints its totals.
function isOnTerminal() {
  try {
    fs.closeSync(fs.openSync("/dev/tty", "r"));
    return true;
  } catch {
    return process.platform === "win32";
  }
}

function passOn(signal) {
  if (!(isFromKey(signal) && isOnTerminal())) {
    child.kill(signal);
  }
}

for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, passOn);
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`the program of ${name} can't be run: ${error.message}`));

child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  // End by the same signal, so that the caller sees what ended the program.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

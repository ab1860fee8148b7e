#!/usr/bin/env node
// Starts the program that npm installed for this machine, and ends as it ends.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');

const kind = `${process.platform}-${process.arch}`;
const name = process.platform === 'win32' ? 'doctown.exe' : 'doctown';

let program;
try {
  program = path.join(path.dirname(require.resolve(`@doctown/${kind}/package.json`)), 'bin', name);
} catch {
  console.error(`error[platform_not_supported]: no package \`@doctown/${kind}\` is installed`);
  console.error('  help: install without `--omit=optional`; on Linux the system needs glibc 2.28 or newer');
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// At a terminal Ctrl-C reaches the program too, so it is not sent a second time.
const atTerminal = [0, 1, 2].some((stream) => require('node:tty').isatty(stream));
process.on('SIGINT', () => atTerminal || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  console.error(`error[program_unusable]: cannot start \`${program}\`: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

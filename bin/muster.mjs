#!/usr/bin/env node
// The `muster` command. A Node that is too old for the TypeScript starts one that came with the dependencies.
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { becomeNode, ROOT } from './runtime.mjs';

ensureInstalled({ development: false });
becomeNode([path.join(ROOT, 'src', 'cli', 'start.ts'), ...process.argv.slice(2)]);

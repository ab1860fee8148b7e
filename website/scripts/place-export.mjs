// Puts the one-file explorer into the site, where "Save as one HTML file" fetches it.
import { copyFileSync, existsSync } from 'node:fs';

if (existsSync('build')) copyFileSync('dist/export.html', 'build/export.html');

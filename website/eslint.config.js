import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  {
    ignores: [
      'build',
      'dist',
      '.svelte-kit',
      'src/lib/api/schema.ts',
      'src/lib/docpack/records.ts',
      'src/lib/docpack/shapes.ts'
    ]
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    // TypeScript itself reports unknown names, and knows the types of the browser.
    rules: {
      'no-undef': 'off',
      // The explorer also runs as a file and inside other pages, where its host makes the addresses.
      'svelte/no-navigation-without-resolve': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig }
    },
    rules: {
      // The reasons that stand behind a rule's name are read as names of rules.
      'svelte/no-unused-svelte-ignore': 'off',
      // `{' '}` is a space that must survive.
      'svelte/no-useless-mustaches': 'off',
      // Large maps and sets are replaced, not changed.
      'svelte/prefer-svelte-reactivity': 'off'
    }
  },
  {
    files: ['src/lib/docpack/visible.ts', 'src/lib/repo/address.ts'],
    // These look for control characters.
    rules: { 'no-control-regex': 'off' }
  },
  {
    files: ['src/lib/docs/DocText.svelte'],
    // The HTML of documentation is made from our own files when the site is built.
    rules: { 'svelte/no-at-html-tags': 'off' }
  }
);

// SPDX-License-Identifier: Apache-2.0
//
// One set of rules for all workspaces. What TypeScript already proves is not checked twice; the rules that
// remain are about what a compiler cannot see: hooks, and text of strangers never becoming HTML.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const noHtml = {
  selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
  message: 'Text of strangers never becomes HTML: use md-lite (widget) or ui/SafeHtml (console).',
};
const noInnerHtml = {
  selector: 'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]',
  message: 'Build nodes instead of HTML strings.',
};

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', '**/rest.d.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', noHtml, noInnerHtml],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'warn' },
  },
  { files: ['console/src/ui/SafeHtml.tsx'], rules: { 'no-restricted-syntax': 'off' } },
);

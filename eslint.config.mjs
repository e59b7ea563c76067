import nx from '@nx/eslint-plugin';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import { compositionRoots, impurityRules, syntax } from './tools/lint/impurity.mjs';
import { depConstraints } from './tools/lint/projects.mjs';
import { roomRules } from './tools/lint/rooms.mjs';

const specs = ['**/*.spec.ts'];
const toolConfigs = [
  '*.config.{ts,mjs}',
  '**/*.config.{ts,mts}',
  '**/*-reporter.mjs',
  '**/*.d.ts',
];

/** Typed arrays answer `number | undefined`; these files check their indices at the door. */
const hotFiles = ['store', 'decoder', 'encoder', 'batch'].map((name) => `**/*-${name}.ts`);

const style = {
  'max-len': ['error', { code: 100, ignoreUrls: true, ignoreRegExpLiterals: true }],
  'max-lines': ['error', 400],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
  'max-depth': ['error', 3],
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-debugger': 'error',
  'no-else-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  eqeqeq: 'error',
  curly: ['error', 'multi-line'],
  'unicode-bom': 'error',
};

const typescript = {
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
  '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'off',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
};

/** A promise that nobody waits for loses its error; only types tell what is a promise. */
const promises = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.strikewire/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] },
    },
    rules: {
      'no-undef': 'off',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error',
      'vue/prefer-define-options': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.vue', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      ...style,
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints },
      ],
      'no-restricted-syntax': ['error', syntax.defaultExport],
    },
  },
  { files: ['**/*.ts', '**/*.vue'], rules: typescript },
  {
    files: ['libs/*/src', 'apps/{api,market-simulator}/src', 'tools', 'tests'].map(
      (folder) => `${folder}/**/*.ts`,
    ),
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: promises,
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts', 'apps/**/*.vue'],
    ignores: [...compositionRoots, ...specs],
    rules: {
      ...impurityRules,
      'no-restricted-syntax': ['error', syntax.defaultExport, ...syntax.time],
    },
  },
  ...roomRules,
  // Formulas take plain numbers: an object a call would be garbage on the hot path.
  { files: ['**/*-kernel.ts'], rules: { 'max-params': ['error', 8] } },
  // Nest hands a class what it needs in its constructor.
  { files: ['libs/*/src/module/**', 'apps/api/**'], rules: { 'max-params': ['error', 5] } },
  { files: [...hotFiles, ...specs], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: [...specs, '**/*.bench.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: toolConfigs, rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);

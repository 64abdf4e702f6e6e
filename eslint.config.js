import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Who may import whom: a room's files take nothing from the rooms named here. Their tests may wire more. */
const closedTo = {
  bpmn: ['app', 'db', 'workflows', 'mail', 'exchange', 'signing', 'test'],
  mail: ['app', 'db', 'workflows', 'bpmn', 'exchange', 'signing', 'test'],
  exchange: ['app', 'db', 'workflows', 'bpmn', 'mail', 'signing', 'test'],
  signing: ['app', 'db', 'workflows', 'bpmn', 'mail', 'exchange', 'test'],
  db: ['app', 'workflows', 'mail', 'exchange', 'signing', 'test'],
  workflows: ['app', 'test'],
  app: ['workflows', 'mail', 'exchange', 'test'],
}

const pattern = (room, message) => ({
  regex: `^(#${room}/|(\\.\\./)+${room}/)`,
  message: message ?? `This room does not import ${room}/ (see docs/architecture.md).`,
})

const roomRules = Object.entries(closedTo).map(([room, rooms]) => ({
  files: [`${room}/**/*.{ts,tsx}`],
  ignores: ['**/*.test.{ts,tsx}', '**/*.fixture.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: rooms.map((other) => pattern(other)),
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', '.data/', '.cache/', '*.d.ts', 'public/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Drizzle's queries and Temporal's calls are thenables: one that nobody awaits is never sent, or never seen to fail.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allowThrowingUnknown: true,
          // Remix takes a thrown Response for an answer.
          allow: [
            { from: 'lib', name: 'Response' },
            { from: 'package', package: '@remix-run/server-runtime', name: 'TypedResponse' },
          ],
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
    },
  },
  ...roomRules,
  {
    // What wires everything together.
    files: ['app/start.ts', 'app/start/**', 'app/cli/**', 'app/demonstration/**', 'app/government-node.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // Runs in the browser: the server's rooms give it types alone.
    files: ['app/components/**/*.{ts,tsx}', 'app/*.client.{ts,tsx}'],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ...['db', 'workflows', 'signing', 'mail', 'exchange', 'test'].map((room) => ({
              ...pattern(room, `Components run in the browser and take only types from ${room}/.`),
              allowTypeImports: true,
            })),
            {
              regex: '\\.server\\.tsx?$',
              allowTypeImports: true,
              message: 'Components run in the browser and take only types from the server’s files.',
            },
          ],
        },
      ],
    },
  },
  {
    // Runs inside Temporal's sandbox, which replays it: types, and bpmn, which is pure.
    files: ['workflows/sandbox/**/*.ts', 'workflows/*.workflow.ts', 'workflows/*-workflow.ts'],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: ['app', 'db', 'mail', 'exchange', 'signing', 'test'].map((room) => ({
            ...pattern(room, `Code in Temporal's sandbox takes only types from ${room}/.`),
            allowTypeImports: true,
          })),
        },
      ],
    },
  },
)

// The rooms of src/README.md as rules: which room may import which. `npm run lint` fails on any other arrow.
const rooms = {
  common: [],
  network: ['common'],
  model: ['network', 'common'],
  kernels: ['model', 'network', 'common'],
  inspection: ['model', 'network', 'common'],
  text: ['common'],
  protocol: ['network', 'common'],
  threads: ['common'],
  history: ['protocol', 'network', 'common'],
  runs: ['history', 'protocol', 'threads', 'network', 'common'],
  training: ['model', 'kernels', 'inspection', 'text', 'protocol', 'threads', 'network', 'common'],
  study: ['model', 'kernels', 'inspection', 'text', 'protocol', 'threads', 'network', 'common'],
  host: ['training', 'study', 'history', 'protocol', 'runs', 'text', 'threads', 'network', 'common'],
  panel: ['history', 'protocol', 'network', 'common'],
};
const neutral = '^src/(common|network|model|inspection|text|protocol|history|panel)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${room}`,
      comment: `src/${room}/ may import only ${[room, ...allowed].join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    {
      name: 'host-starts-training-only-through-its-handle',
      comment: 'Training runs in its own thread: the host sees the handle of that thread, nothing behind it.',
      severity: 'error',
      from: { path: '^src/host/' },
      to: { path: '^src/training/', pathNot: '^src/training/trainer\\.ts$' },
    },
    {
      name: 'host-starts-the-study-only-through-its-handle',
      comment:
        'Networks are studied in a thread of their own: the host sees the handle of that thread, nothing behind it.',
      severity: 'error',
      from: { path: '^src/host/' },
      to: { path: '^src/study/', pathNot: '^src/study/study\\.ts$' },
    },
    {
      name: 'extension-only-wires',
      severity: 'error',
      from: { path: '^src/extension\\.ts$' },
      to: { path: '^src/', pathNot: '^src/host/' },
    },
    {
      name: 'cli-has-no-vscode',
      severity: 'error',
      from: { path: '^src/cli(\\.ts$|/)' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(cli|training|study|runs|text|history|protocol|threads|common|network|model|kernels|inspection)/',
      },
    },
    {
      name: 'vscode-only-in-host',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(host/|extension\\.ts$)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'neutral-code-without-node',
      severity: 'error',
      from: { path: neutral },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'src-does-not-import-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

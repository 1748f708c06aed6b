// Builds every bundle: `node esbuild.js [--watch] [--production] [--quiet] [--only NAME[,NAME]]`.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import esbuild from 'esbuild';

const arguments_ = process.argv.slice(2);
const production = arguments_.includes('--production');
const watch = arguments_.includes('--watch');
const only = arguments_.includes('--only') ? arguments_[arguments_.indexOf('--only') + 1].split(',') : undefined;

const common = {
  bundle: true,
  metafile: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: arguments_.includes('--quiet') ? 'warning' : 'info',
  legalComments: 'none',
};
// VS Code loads `.cjs` with require whatever the package's type is; Node 22 is what VS Code 1.101 carries.
const node = { ...common, platform: 'node', format: 'cjs', target: 'node22' };

/** Name of a bundle to its options. The worker is a bundle of its own: it is started by path, from beside the extension. */
const bundles = {
  extension: {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist',
    external: ['vscode'],
  },
  worker: {
    ...node,
    entryPoints: { worker: 'src/training/worker.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist',
  },
  cli: { ...node, entryPoints: { cli: 'src/cli.ts' }, outExtension: { '.js': '.cjs' }, outdir: 'dist' },
  panel: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome134',
    entryPoints: { panel: 'src/panel/panel.ts', style: 'src/panel/style/panel.css' },
    outdir: 'dist/panel',
    // The icon font stays a file beside the style sheet, which the content security policy allows.
    loader: { '.ttf': 'copy' },
    assetNames: '[name]',
  },
  'host-tests': {
    ...node,
    entryPoints: { 'host-tests': 'test/host/index.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist/test',
    external: ['vscode', 'mocha'],
  },
};

const chosen = Object.entries(bundles).filter(([name]) => only === undefined || only.includes(name));
const contexts = await Promise.all(chosen.map(([, options]) => esbuild.context(options)));
if (watch) {
  await Promise.allSettled(contexts.map((context) => context.rebuild()));
  // The task that F5 waits for ends with this line.
  console.log('[watch] every bundle is built');
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  const results = await Promise.allSettled(contexts.map((context) => context.rebuild()));
  // esbuild has printed its errors already.
  if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
  else if (only === undefined) writeNotices(results.map(({ value }) => value.metafile));
  await Promise.all(contexts.map((context) => context.dispose()));
}

/** The licences of everything that the bundles hold, as those licences ask: dist/THIRD-PARTY-NOTICES.txt. */
function writeNotices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const notices = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
  const texts = notices.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(license|licence|copying)/i.test(file));
    const full = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${full}`;
  });
  if (!existsSync('dist')) mkdirSync('dist');
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

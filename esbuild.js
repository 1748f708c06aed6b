// Builds every bundle: `node esbuild.js [--watch] [--production] [--quiet] [--only NAME[,NAME]]`.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  watch as watchFiles,
  writeFileSync,
} from 'node:fs';
import asc from 'assemblyscript/asc';
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

/**
 * Writes the settings into package.json, and their texts into package.nls.json, as src/protocol/manifest.ts makes them from their
 * tables. In production it only checks them: vsce has read both before it has this run.
 */
const keepManifest = {
  name: 'manifest',
  setup(build) {
    build.onEnd(async ({ errors, outputFiles }) => {
      if (errors.length > 0) return undefined;
      const manifest = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
      const makers = { 'package.json': manifest.withSettings, 'package.nls.json': manifest.withSettingTexts };
      for (const [file, made] of Object.entries(makers)) {
        const written = readFileSync(file, 'utf8');
        const generated = made(written);
        if (generated === written) continue;
        if (production) return { errors: [{ text: `the settings in ${file} are out of date: npm run manifest` }] };
        writeFileSync(file, generated);
      }
      return undefined;
    });
  },
};

/** Name of a bundle to its options. Threads are bundles of their own: they are started by path, from beside the extension. */
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
  study: {
    ...node,
    entryPoints: { study: 'src/study/worker.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist',
  },
  reading: {
    ...node,
    entryPoints: { reading: 'src/runs/reading/worker.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist',
  },
  member: {
    ...node,
    entryPoints: { member: 'src/kernels/member.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist',
  },
  cli: { ...node, entryPoints: { cli: 'src/cli.ts' }, outExtension: { '.js': '.cjs' }, outdir: 'dist' },
  panel: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome134',
    entryPoints: {
      panel: 'src/panel/panel.ts',
      compare: 'src/panel/compare/compare.ts',
      style: 'src/panel/style/panel.css',
    },
    outdir: 'dist/panel',
    // The icon font stays a file beside the style sheet, which the content security policy allows.
    loader: { '.ttf': 'copy' },
    assetNames: '[name]',
  },
  manifest: {
    ...common,
    format: 'esm',
    entryPoints: { manifest: 'src/protocol/manifest.ts' },
    outdir: 'dist',
    // It is run at once and stays in memory.
    write: false,
    sourcemap: false,
    logLevel: 'warning',
    plugins: [keepManifest],
  },
  'host-tests': {
    ...node,
    entryPoints: { 'host-tests': 'test/host/index.ts' },
    outExtension: { '.js': '.cjs' },
    outdir: 'dist/test',
    external: ['vscode', 'mocha'],
  },
};

/** The WebAssembly modules, from one source: with fused multiply-add where the processor has it, and with plain SIMD. */
const modules = {
  'kernels-relaxed': ['--enable', 'relaxed-simd'],
  'kernels-simd': [],
};
const ASSEMBLY = 'src/kernels/assembly';

const withModules = only === undefined || only.includes('kernels');
if (withModules && !(await buildModules())) process.exitCode = 1;

const chosen = Object.entries(bundles).filter(([name]) => only === undefined || only.includes(name));
const contexts = await Promise.all(chosen.map(([, options]) => esbuild.context(options)));
if (watch) {
  await Promise.allSettled(contexts.map((context) => context.rebuild()));
  if (withModules) watchFiles(ASSEMBLY, () => void buildModules());
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

/** Compiles the modules; returns false, with the errors printed, where one cannot be. */
async function buildModules() {
  let isBuilt = true;
  for (const [name, features] of Object.entries(modules)) {
    if (isNewerThanItsSource(`dist/${name}.wasm`)) continue;
    const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
    // Warning 112 is for functions that hand vectors to JavaScript, which none that is called from there does.
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--disableWarning', '112', '--enable', 'simd,threads'];
    const { error, stderr } = await asc.main([
      `${ASSEMBLY}/index.ts`,
      // Under another name until it is whole: an interrupted build leaves none that looks new.
      ...['--outFile', `dist/${name}.unfinished.wasm`],
      ...options,
      ...memory,
      ...features,
    ]);
    const messages = stderr.toString();
    if (messages !== '') console.error(messages);
    if (error === null) renameSync(`dist/${name}.unfinished.wasm`, `dist/${name}.wasm`);
    else isBuilt = false;
  }
  return isBuilt;
}

/** Compiling takes seconds, and the result depends on these files and on the compiler's version alone. */
function isNewerThanItsSource(module) {
  if (!existsSync(module)) return false;
  const sources = readdirSync(ASSEMBLY, { recursive: true }).map((name) => `${ASSEMBLY}/${name}`);
  // The folder changes where one of them is removed.
  const changes = [ASSEMBLY, ...sources, 'esbuild.js', 'node_modules/assemblyscript/package.json'].map(
    (path) => statSync(path).ctimeMs,
  );
  return statSync(module).mtimeMs > Math.max(...changes);
}

/** The licences of everything that the bundles hold, as those licences ask: dist/THIRD-PARTY-NOTICES.txt. */
function writeNotices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  // The modules hold AssemblyScript's logarithm.
  folders.push('node_modules/assemblyscript');
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

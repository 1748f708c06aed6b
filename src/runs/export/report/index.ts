import type { ExportedRun, ExportFile, Given } from '../exportedRun.ts';
import { findingsSection } from './findings.ts';
import { glossary } from './glossary.ts';
import { heatmapsFigure } from './heatmaps.ts';
import { lossFigure } from './lossFigure.ts';
import { foreign, markup, type Markup } from './markup.ts';
import { horizonFigure, profileFigure, totalsFigure } from './normFigures.ts';
import { samplesSection } from './samples.ts';
import { factsSection, settingsTable, timeText } from './settings.ts';
import { styleOf } from './style.ts';
import { tapeFigure } from './tape.ts';

export type ReportOptions = Pick<Given<'tape'>, 'tape' | 'madeAt'>;

/** Nothing is loaded and nothing runs: the page is its text, its style and the pictures inside it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A run as one HTML page that needs neither network nor script. */
export function reportFile(run: ExportedRun, options: ReportOptions): ExportFile {
  return { name: 'report.html', chunks: page(run, options) };
}

// oxlint-disable-next-line typescript/require-await -- all exports are read the same way
async function* page(exported: ExportedRun, options: ReportOptions): AsyncGenerator<string> {
  const { run, history } = exported;
  const title = run.name ?? run.text?.fileName ?? run.runId;
  yield markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} – training report</title>`.source;
  yield `<style>${styleOf(exported.network)}</style></head>\n<body><main>\n`;
  yield markup`<header><p class="kind">Training of a character-level recurrent network</p><h1>${foreign(title)}</h1>
<p class="when">Started ${timeText(run.createdAt)} · reported ${timeText(options.madeAt)}</p></header>
${factsSection(exported)}`.source;
  yield section('Findings', findingsSection(exported));
  if (history.iterations > 0) {
    yield section('Loss', lossFigure(exported));
    yield section('Gradient norm by time step', heatmapsFigure(exported));
    yield section('The last inspected window', profileFigure(exported));
    yield section('Gradient norm over training', totalsFigure(exported));
    yield section('Memory horizon', horizonFigure(exported));
  }
  yield section('One window, character by character', tapeSection(exported, options.tape));
  yield section('Sampled text', samplesSection(exported));
  yield section('Settings', settingsTable(exported));
  yield section('Terms', glossary(exported.network));
  yield markup`<footer>${versionsText(run.versions)} Run ${run.runId}${
    run.text === undefined ? '' : `, text with SHA-256 ${run.text.sha256}`
  }.</footer>\n</main></body></html>\n`.source;
}

function section(heading: string, content: Markup): string {
  return markup`<section><h2>${heading}</h2>\n${content}\n</section>\n`.source;
}

function tapeSection({ run, network }: ExportedRun, tape: ReportOptions['tape']): Markup {
  return 'absent' in tape
    ? markup`<p class="absent">${tape.absent}</p>`
    : tapeFigure(network, tape, run.facts?.vocabulary ?? []);
}

function versionsText(versions: Readonly<Record<string, string>>): string {
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return parts.length === 0 ? '' : `Trained with ${parts.join(', ')}.`;
}

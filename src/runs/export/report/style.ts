import type { Network } from '../../../network/network.ts';
import { colorRules } from './colors.ts';
import { isGrouped } from './groups.ts';

/** Only where figures stand under headings of their own. */
const HEADINGS = '\nh3 { margin: 18px 0 6px; font-size: 15px; font-weight: 600; }';

/** The style sheet of a report: light and dark, and what is different on paper. */
export function styleOf(network: Network): string {
  return `
:root {
  color-scheme: light dark;
  --ground: #fff; --ink: #1c1e21; --muted: #5d636b; --rule: #d9dce0; --grid: #eceef0;
  --train: #0072b2; --validation: #c06000; --shade: 192 64 138;
  ${colorRules(network, 'light')}
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181b; --ink: #e3e5e8; --muted: #9da4ad; --rule: #383c42; --grid: #24272b;
    --train: #56b4e9; --validation: #f0a33c; --shade: 217 138 181;
    ${colorRules(network, 'dark')}
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 820px; margin: 0 auto; padding: 40px 20px 64px; }
h1 { margin: 0; font-size: 30px; line-height: 1.2; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 52px 0 14px; font-size: 19px; font-weight: 600; }
p, dl, ul { margin: 0; }
.kind, .when, footer { color: var(--muted); font-size: 13px; }
.when { margin-top: 6px; }
.facts { margin-top: 24px; display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.setting { white-space: nowrap; }
.findings { padding-left: 18px; margin-bottom: 20px; max-width: 70ch; }
.findings li { margin: 5px 0; }
.absent { color: var(--muted); }
figure { margin: 0 0 12px; }${isGrouped(network) ? HEADINGS : ''}
figcaption { margin-top: 10px; color: var(--muted); font-size: 13px; max-width: 76ch; }
.legend { list-style: none; padding: 0; margin-bottom: 10px; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; }
.swatch { display: inline-block; width: 20px; margin-right: 7px; border-top: 2px solid var(--swatch); vertical-align: 4px; }
.swatch.thin { border-top-width: 1px; opacity: .5; }
.swatch.dashed { border-top: 1px dashed var(--swatch); }
.swatch.area { border: 0; height: 10px; background: var(--swatch); opacity: .28; vertical-align: -1px; }
.plot { padding: 0 6px 0 54px; }
.plot.labelled { padding-right: 104px; }
.plot > svg { display: block; overflow: visible; }
.axis-title { margin: 0 0 9px -54px; color: var(--muted); font-size: 12px; }
.axis-title.x { margin: 25px 0 0; text-align: right; }
svg text { font-size: 12px; fill: var(--muted); font-variant-numeric: tabular-nums; }
svg text.end { text-anchor: end; } svg text.middle { text-anchor: middle; } svg text.start { text-anchor: start; }
svg line { stroke-width: 1; }
.grid { stroke: var(--grid); } .frame { stroke: var(--rule); }
.reference { stroke-dasharray: 4 4; opacity: .55; }
.curve { fill: none; stroke-width: 1.6; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.curve.faint { opacity: .4; stroke-width: 1; }
.band { opacity: .22; }
.heatmaps { display: grid; grid-template-columns: repeat(auto-fill, minmax(165px, 1fr)); gap: 18px 20px; }
.heatmap .scale { margin: 0; font-size: 11px; gap: 5px; }
.heatmap .scale-bar { flex: 1; width: auto; height: 6px; }
.heatmap-name { font-size: 13px; border-left: 3px solid var(--swatch); padding-left: 7px; margin-bottom: 5px; line-height: 1.25; }
.heatmap img { display: block; width: 100%; height: 96px; image-rendering: pixelated; background: var(--grid); }
.ends { display: flex; justify-content: space-between; color: var(--muted); font-size: 11px; font-variant-numeric: tabular-nums; }
.scale { display: flex; align-items: center; gap: 8px; margin-top: 12px; font-size: 12px; color: var(--muted); }
.scale-bar { width: 180px; height: 9px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.tape { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 10px 2px; font-family: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
.tape li { width: 28px; text-align: center; line-height: 25px; font-size: 14px; }
.tape span { display: block; overflow: hidden; white-space: nowrap; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.tape .read, .tape .asked { height: 25px; }
.tape .long { font-size: 8px; }
.tape .loss { font-size: 10px; line-height: 15px; color: var(--muted); font-variant-numeric: tabular-nums; }
.prompt .end::before { content: "⏎"; }
.text { margin: 6px 0 0; padding-left: 14px; border-left: 2px solid var(--rule); white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.6 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
.sample { margin-bottom: 22px; }
.prompt { color: var(--muted); text-decoration: underline; text-underline-offset: 3px; }
.shade-1 { background: rgb(var(--shade) / .12); } .shade-2 { background: rgb(var(--shade) / .22); } .shade-3 { background: rgb(var(--shade) / .32); }
.shade-4 { background: rgb(var(--shade) / .42); } .shade-5 { background: rgb(var(--shade) / .52); }
.text span, .shades span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.shades { font-size: 12px; color: var(--muted); }
.shades ul { display: inline-flex; flex-wrap: wrap; list-style: none; padding: 0; margin-left: 6px; }
.shades li span { padding: 1px 7px; color: var(--ink); }
details { margin-top: 10px; font-size: 13px; }
summary { cursor: pointer; color: var(--muted); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: 6px 0; }
th, td { text-align: left; font-weight: 400; padding: 3px 18px 3px 0; border-bottom: 1px solid var(--grid); vertical-align: top; white-space: nowrap; }
thead th { color: var(--muted); border-bottom-color: var(--rule); }
.prose { white-space: normal; display: block; min-width: 150px; color: var(--muted); }
.glossary { display: grid; grid-template-columns: max-content 1fr; gap: 3px 20px; font-size: 13px; }
footer { margin-top: 56px; padding-top: 12px; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
@media (max-width: 620px) {
  main { padding: 24px 16px 48px; }
  h1 { font-size: 24px; }
  .facts, .glossary { grid-template-columns: 1fr; gap: 0; }
  .facts dd, .glossary dd { margin-bottom: 8px; }
  .plot { padding-left: 44px; } .axis-title { margin-left: -44px; } .axis-title.x { margin-left: 0; }
  .plot.labelled { padding-right: 58px; }
  tspan.number { display: none; }
  th, td { padding-right: 12px; }
  .heatmaps { grid-template-columns: 1fr 1fr; gap: 12px; }
  table:has(.prose) { width: 100%; }
  table:has(.prose) tr { display: grid; grid-template-columns: 1.4fr 1fr 1fr; border-bottom: 1px solid var(--grid); padding: 4px 0; }
  table:has(.prose) :is(th, td) { border: 0; }
  table:has(.prose) :is(th, td):last-child { grid-column: 1 / -1; }
}
@media print {
  :root { color-scheme: light; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  figure, tr, .findings li { break-inside: avoid; }
  h2 { break-after: avoid; }
  .wide { overflow: visible; }
}
`;
}

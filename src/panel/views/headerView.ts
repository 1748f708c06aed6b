import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { FromPanel } from '../../protocol/panel.ts';
import type { RunState } from '../../protocol/run.ts';
import { STATE_WORDS } from './runState.ts';
import { forkText } from '../../protocol/storedRun.ts';
import { element, icon, setAttribute, setText, show } from '../dom.ts';
import { formatDuration, formatRate, groupDigits } from '../../common/format.ts';
import { MenuButton, type MenuItem } from './menuButton.ts';
import type { PanelContext, View } from './view.ts';

type Control = Extract<FromPanel, { type: 'control' }>['action'];
type ManageAction = Extract<FromPanel, { type: 'manageRun' }>['action'];
type MenuIntent = 'again' | 'trainFile' | 'revealFile' | 'openSettings' | 'showLog' | ManageAction;
/** What they need: a run, one that is kept on the disk, or one of ours that has read its text. */
const MENU: readonly { label: string; value: MenuIntent; of?: 'any' | 'kept' | 'forkable' }[] = [
  { label: 'Train again', value: 'again', of: 'any' },
  { label: 'Fork…', value: 'fork', of: 'forkable' },
  { label: 'Compare with…', value: 'compare', of: 'kept' },
  { label: 'Export…', value: 'export', of: 'kept' },
  { label: 'Train on another file…', value: 'trainFile' },
  { label: 'Show the file', value: 'revealFile', of: 'any' },
  { label: 'Settings', value: 'openSettings' },
  { label: 'Log', value: 'showLog' },
];

/** The run at a glance, and what can be done with it. */
export class HeaderView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #file = element('h1', { class: 'file-name', 'data-testid': 'file' });
  readonly #dot = element('span', { class: 'dot', 'aria-hidden': 'true' });
  readonly #word = element('span', { 'data-testid': 'state' });
  readonly #iterations = counter('iteration', 'iterations');
  readonly #epoch = counter('epoch', 'epochs');
  readonly #rate = counter('rate', 'characters/s');
  readonly #elapsed = counter('elapsed', 'elapsed');
  readonly #fork = element('span', { class: 'fork', 'data-testid': 'fork' });
  readonly #run: HTMLElement;
  readonly #pause: ControlButton;
  readonly #step: ControlButton;
  readonly #stop: ControlButton;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#pause = new ControlButton('pause', 'Pause', 'debug-pause', () => this.#pauseOrResume());
    this.#step = new ControlButton('step', 'Step', 'debug-step-over', () => this.#control('step'));
    this.#stop = new ControlButton('stop', 'Stop', 'debug-stop', () => this.#control('stop'));
    this.#step.element.title = 'Run exactly one iteration (while paused)';
    this.#stop.element.title = 'End this run; its curves stay';
    this.#run = element(
      'div',
      { class: 'header-run' },
      element('span', { class: 'state' }, this.#dot, this.#word),
      element(
        'dl',
        { class: 'counters' },
        this.#iterations.element,
        this.#epoch.element,
        this.#rate.element,
        this.#elapsed.element,
      ),
      this.#fork,
    );
    this.element = element(
      'header',
      { class: 'header' },
      this.#file,
      this.#run,
      element(
        'div',
        { class: 'header-actions' },
        this.#pause.element,
        this.#step.element,
        this.#stop.element,
        this.#menu(),
      ),
    );
  }

  update(): void {
    const { run } = this.#context.state;
    setText(this.#file, run?.description.fileName ?? 'RNN Gradient Inspector');
    show(this.#run, run !== undefined);
    for (const { element } of [this.#pause, this.#step, this.#stop]) show(element, run !== undefined);
    const state = run?.status.state;
    const isHere = run?.status.trainedBy === undefined && run?.status.restored !== true;
    const active = isHere && (state === 'running' || state === 'paused');
    const isResumable = run?.status.resumable !== undefined;
    this.#pause.face(goingOn(state, isResumable));
    this.#pause.enabled = active || isResumable;
    this.#step.enabled = isHere && state === 'paused';
    this.#stop.enabled = active || (isHere && state === 'starting');
    if (run === undefined) return;
    const { status, description } = run;
    const fork = description.forkedFrom === undefined ? '' : forkText(description.forkedFrom);
    setText(this.#fork, fork);
    setAttribute(this.#fork, 'title', fork);
    show(this.#fork, fork !== '');
    setAttribute(this.#dot, 'data-state', status.state);
    setText(this.#word, status.resumable?.wasInterrupted === true ? 'Interrupted' : STATE_WORDS[status.state]);
    this.#iterations.set(groupDigits(status.iteration), status.iteration);
    this.#epoch.set(status.epoch.toFixed(2), status.epoch);
    this.#rate.set(formatRate(status.charactersPerSecond), status.charactersPerSecond);
    this.#elapsed.set(formatDuration(status.elapsedMs), status.elapsedMs);
  }

  /** Of a run that is over, resuming brings its last checkpoint back. */
  #pauseOrResume(): void {
    const { run } = this.#context.state;
    if (run?.status.resumable === undefined) return this.#control(run?.status.state === 'paused' ? 'resume' : 'pause');
    this.#context.state.send({ type: 'resumeRun', runId: run.description.runId, isPaused: false });
  }

  #control(action: Control): void {
    const { run } = this.#context.state;
    if (run !== undefined) this.#context.state.send({ type: 'control', runId: run.description.runId, action });
  }

  #menu(): HTMLElement {
    const button = element(
      'vscode-button',
      {
        secondary: true,
        'icon-only': true,
        'aria-label': 'More actions',
        title: 'More actions',
        'data-testid': 'menu',
      },
      icon('ellipsis'),
    );
    return new MenuButton({ id: 'header', label: 'More actions', button, items: () => this.#menuItems() }).element;
  }

  #menuItems(): MenuItem[] {
    return MENU.filter(({ of }) => this.#isThere(of)).map(({ label, value }) => ({
      label,
      testId: `menu-${value}`,
      choose: () => this.#choose(value),
    }));
  }

  #isThere(of: 'any' | 'kept' | 'forkable' | undefined): boolean {
    const { run } = this.#context.state;
    if (of === undefined) return true;
    if (run === undefined) return false;
    const isKept = run.description.folder !== undefined;
    if (of === 'kept') return isKept;
    return of === 'any' || (isKept && run.description.facts !== undefined && run.status.networkPlace === undefined);
  }

  #choose(intent: MenuIntent): void {
    const { state } = this.#context;
    const runId = state.run?.description.runId;
    if (intent === 'again' || intent === 'revealFile') {
      if (runId === undefined) return;
      state.send(intent === 'again' ? { type: intent, runId, withRemedy: false } : { type: intent, runId });
    } else if (intent === 'fork' || intent === 'compare' || intent === 'export') {
      if (runId !== undefined) state.send({ type: 'manageRun', runId, action: intent });
    } else {
      state.send({ type: intent });
    }
  }
}

/** What one button says, by what it does: a finished run asks for how many epochs it goes on. */
const FACES = { pause: 'Pause', resume: 'Resume', continue: 'Continue…' } as const;

function goingOn(state: RunState | undefined, isResumable: boolean): keyof typeof FACES {
  if (isResumable) return state === 'finished' ? 'continue' : 'resume';
  return state === 'paused' ? 'resume' : 'pause';
}

class ControlButton {
  readonly element;
  readonly #label: HTMLElement;
  readonly #icon: HTMLElement;

  constructor(action: Control, label: string, iconName: string, pressed: () => void) {
    this.#icon = icon(iconName);
    this.#label = element('span', { class: 'button-label' }, label);
    this.element = element(
      'vscode-button',
      { secondary: true, class: 'control', 'aria-label': label, 'data-testid': `button-${action}` },
      this.#icon,
      this.#label,
    );
    this.element.addEventListener('click', pressed);
  }

  set enabled(enabled: boolean) {
    if (this.element.disabled === enabled) this.element.disabled = !enabled;
  }

  /** Pause and resume are one button, which keeps the focus when it changes its face. */
  face(action: keyof typeof FACES): void {
    const label = FACES[action];
    setText(this.#label, label);
    setAttribute(this.#icon, 'class', `codicon codicon-${action === 'pause' ? 'debug-pause' : 'debug-continue'}`);
    setAttribute(this.element, 'aria-label', label);
    setAttribute(this.element, 'title', label);
    setAttribute(this.element, 'data-testid', `button-${action === 'pause' ? 'pause' : 'resume'}`);
  }
}

/** A number with its name; `data-value` carries it unformatted. */
function counter(testId: string, name: string): { element: HTMLElement; set(text: string, value: number): void } {
  const value = element('dd', { 'data-testid': testId });
  return {
    element: element('div', { class: `counter counter-${testId}` }, element('dt', {}, name), value),
    set(text, number) {
      setText(value, text);
      setAttribute(value, 'data-value', String(number));
    },
  };
}

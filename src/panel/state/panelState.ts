import type { Network } from '../../network/network.ts';
import type { TourChoice } from '../../protocol/tour.ts';
import type { FromPanel, IncrementMessage, StudyResults, ToPanel } from '../../protocol/panel.ts';
import { isOver, type Inspection, type Sample, type SampleOptions } from '../../protocol/run.ts';
import { networkOfRun } from '../network/shownNetwork.ts';
import { WHOLE_RUN, type IterationView } from './iterationView.ts';
import type { Contact } from './message.ts';
import { RunMirror, type MirroredRun } from './mirror.ts';
import { nearestIndex } from './nearestIndex.ts';
import { PageState } from './pageState.ts';
import { pinOf, type Pin } from './pin.ts';
import { choicesFor, isTold, keepsSampling, samplingOf } from './runChoices.ts';
import { studyOwnerOf } from './studyOwner.ts';
import { StudyState } from './studyState.ts';
import { openedTour } from './tourChoice.ts';
import { parseUiState, type RunChoices, type UiState } from './uiState.ts';

/** What the state needs of the panel's end of the boundary. */
export interface Host {
  send(message: FromPanel): void;
  /** What the webview itself remembers. */
  stored: unknown;
}

const NO_PINS: RunChoices['pins'] = [];

/** What the pointer or the keyboard points at, shared by all charts. */
export interface Hover {
  readonly iteration: number | null;
  readonly step: number | null;
  /** A hidden unit of a layer, as `unitName` of `unitPlace.ts` writes it. */
  readonly unit: string | null;
}

/** Everything the views show. Views read it and call its methods; they never talk to each other. */
export class PanelState extends PageState<Hover> {
  readonly #host: Host;
  readonly #mirror = new RunMirror();
  #ui: UiState;
  #pinnedInspection: Inspection | undefined;
  #pinnedSample: Sample | undefined;
  #generation: { readonly requestId: number; readonly failure?: string } | undefined;
  #nextRequestId = 1;
  #contact: Contact = 'waiting';
  /** The newest message that is taken, and the newest that the host was told is on the screen. */
  #taken = 0;
  #drawn = 0;
  #asked = false;
  #promptFocusRequests = 0;
  #copy: { readonly what: string; readonly outcome?: 'copied' | { readonly problem: string } } | undefined;
  #tourRequests = 0;
  /** The run whose tour was gone on with in this page. */
  #tourOf: string | undefined;
  /** The window that is looked into. */
  readonly study: StudyState;

  /** @param panelId by which the host knows this panel; it is remembered with the choices. */
  constructor(host: Host, panelId?: string) {
    super({ iteration: null, step: null, unit: null });
    this.#host = host;
    this.study = new StudyState(studyOwnerOf(this, () => this.changed('choice')));
    this.#ui = { ...parseUiState(host.stored), ...(panelId !== undefined && { panelId }) };
    host.stored = this.#ui;
  }

  /** Asks the host for a snapshot, once until one has come. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.send({ type: 'ready' });
  }

  send(message: FromPanel): void {
    if (message.type === 'save') this.takeSaved();
    if (message.type === 'control' && message.action === 'step') this.#followStep();
    this.#host.send(message);
  }

  /** @throws {RangeError} where a snapshot contradicts itself. */
  receive(message: ToPanel): void {
    switch (message.type) {
      case 'snapshot':
        this.#asked = false;
        this.#mirror.takeSnapshot(message);
        this.#contact = 'answered';
        this.#acknowledge(message);
        this.#meetRun(message.run?.study ?? {});
        return this.changed('run');
      case 'increment':
        return this.#takeIncrement(message);
      case 'studied':
        return this.study.takeAnswer(message);
      case 'showStep':
        return this.study.showStep(message.t);
      case 'saved':
        this.takeSaved(message.message);
        return this.changed('choice');
      case 'copied':
        return this.#takeCopied(message.message);
      case 'generated':
        return this.#takeGenerated(message);
      case 'showTab':
        return this.choose({ tab: message.tab });
      case 'openTour':
        this.choose({ tab: 'steps' });
        return this.openTour();
      case 'keptTour':
        return this.#takeTour(message.runId, message.tour);
      case 'focusPrompt':
        this.#promptFocusRequests++;
        return this.changed('choice');
      default:
        return message satisfies never;
    }
  }

  /** Tells the host that what it sent is on the screen. */
  tellDrawn(): void {
    if (this.#drawn === this.#taken) return;
    this.#drawn = this.#taken;
    this.send({ type: 'drawn', sequence: this.#drawn });
  }

  get run(): MirroredRun | undefined {
    return this.#mirror.run;
  }

  /** The network of the run that is shown, or that a new one would have. */
  get network(): Network {
    return this.run?.network ?? networkOfRun(undefined);
  }

  get contact(): Contact {
    return this.#contact;
  }

  /** A message of the host could not be read: the next snapshot may set it right. */
  refuse(): void {
    this.#contact = 'refused';
    this.ask();
    this.changed('run');
  }

  get isTraining(): boolean {
    const run = this.run;
    return run !== undefined && !isOver(run.status.state);
  }

  get ui(): UiState {
    return this.#ui;
  }

  get choices(): RunChoices | null {
    return this.#ui.run;
  }

  /** The profiles laid over one another, in order of iteration. */
  get pins(): readonly Pin[] {
    return (this.#ui.run?.pins ?? NO_PINS).filter((pin) => typeof pin !== 'number');
  }

  get view(): IterationView {
    return this.#ui.run?.view ?? WHOLE_RUN;
  }

  /** How often the host has asked to focus the prompt. */
  get promptFocusRequests(): number {
    return this.#promptFocusRequests;
  }

  /** Puts a text on the clipboard. @param what by which {@link outcomeOfCopy} is asked for. */
  copy(what: string, text: string): void {
    this.#copy = { what };
    this.send({ type: 'copy', text });
  }

  /** How the newest copy went, if it was of this; undefined until that is known. */
  outcomeOfCopy(what: string): 'copied' | { readonly problem: string } | undefined {
    return this.#copy?.what === what ? this.#copy.outcome : undefined;
  }

  /** The inspection shown by step: the newest, or the one looked back at. */
  get inspection(): Inspection | undefined {
    return this.#pinnedInspection ?? this.run?.history.of('inspection').at(-1);
  }

  get isLive(): boolean {
    return this.#pinnedInspection === undefined;
  }

  /** The sample shown: the newest, or the one gone back to. */
  get sample(): Sample | undefined {
    return this.#pinnedSample ?? this.run?.history.of('sample').at(-1);
  }

  get isSampleLive(): boolean {
    return this.#pinnedSample === undefined;
  }

  /** Whether text was asked for and has not come, or why it did not come. */
  get generation(): { readonly requestId: number; readonly failure?: string } | undefined {
    return this.#generation;
  }

  choose(change: Partial<Omit<UiState, 'run'>>): void {
    this.#ui = { ...this.#ui, ...change };
    this.#store();
    this.study.watch();
  }

  chooseForRun(change: Partial<Omit<RunChoices, 'runId'>>): void {
    if (this.#ui.run === null) return;
    this.#ui = { ...this.#ui, run: { ...this.#ui.run, ...change } };
    this.#store();
  }

  /** Begins the tour through the window that is shown, or goes on with it. */
  openTour(): void {
    const { stream, tape } = this.study;
    const tour = openedTour(this.#ui.run?.tour ?? null, { iteration: tape?.iteration ?? 0, stream });
    this.#tourRequests++;
    this.keepTour(tour);
  }

  /** Where the tour is now; the host is told too, since VS Code may lose the last seconds of what a page remembers. */
  keepTour(tour: TourChoice): void {
    const runId = this.#ui.run?.runId;
    if (runId === undefined) return;
    this.#tourOf = runId;
    this.chooseForRun({ tour });
    this.send({ type: 'keepTour', runId, tour });
  }

  /** How often the tour was opened since the page is there: whoever opens it is taken to its question. */
  get tourRequests(): number {
    return this.#tourRequests;
  }

  /** Looks at the inspection nearest to an iteration; null follows the newest. */
  lookBack(iteration: number | null): void {
    this.#pinnedInspection = iteration === null ? undefined : this.nearestInspection(iteration);
    this.chooseForRun({ lookback: this.#pinnedInspection?.iteration ?? null });
  }

  nearestInspection(iteration: number): Inspection | undefined {
    const inspections = this.run?.history.of('inspection') ?? [];
    return inspections[nearestIndex(inspections, iteration)];
  }

  showSample(sample: Sample | undefined): void {
    this.#pinnedSample = sample;
    this.changed('choice');
  }

  /** Asks the network for text with the chosen prompt, temperature and length. */
  generate(): void {
    const choices = this.#ui.run;
    if (choices === null) return;
    const requestId = this.#nextRequestId++;
    this.#generation = { requestId };
    this.send({ type: 'generate', runId: choices.runId, requestId, options: samplingOf(choices) });
    this.changed('choice');
  }

  /** Makes the text that is sampled while training use the chosen prompt and temperature too. */
  applySampling(): void {
    const choices = this.#ui.run;
    if (choices === null) return;
    if (this.run === undefined || !keepsSampling(this.run.status) || isTold(choices, choices)) return;
    const { prompt, temperature } = choices;
    this.chooseForRun({ told: { prompt, temperature } });
    this.send({ type: 'sampling', runId: choices.runId, options: samplingOf(choices) });
  }

  #takeIncrement(message: IncrementMessage): void {
    this.#acknowledge(message);
    const before = this.run?.status;
    if (!this.#mirror.takeIncrement(message)) return this.ask();
    const { state, iteration } = message.status;
    // A run that stands goes on by single steps alone, whoever asked for them; their windows are what is wanted.
    if (before?.state === 'paused' && state === 'paused' && iteration > before.iteration) this.#followStep();
    this.study.take(message.study);
    // Of a run that stands, or that just came to stand, what is new is what a person asked for.
    this.changed(before?.state === 'running' && state === 'running' ? 'run' : 'choice');
  }

  /** A person who steps wants to see the window of that step; but the tour asks about the one that it began with. */
  #followStep(): void {
    if (this.#ui.run?.tour?.isOpen !== true) this.study.followStep();
  }

  #acknowledge({ sequence }: { readonly sequence: number }): void {
    this.#taken = sequence;
    this.send({ type: 'acknowledge', sequence });
  }

  /** Takes up the choices made for this run before, or starts with the run's own sampling options. */
  #meetRun(results: StudyResults): void {
    const run = this.run;
    if (run === undefined) return;
    const { runId, sampling } = run.description;
    const isSameRun = this.#ui.run?.runId === runId;
    if (!isSameRun) {
      this.#ui = { ...this.#ui, run: choicesFor(runId, sampling) };
      this.#host.stored = this.#ui;
      this.#pinnedSample = undefined;
      this.#generation = undefined;
    }
    this.#adoptSampling(sampling);
    this.#keepPins();
    const lookback = this.#ui.run?.lookback ?? null;
    this.#pinnedInspection = lookback === null ? undefined : this.nearestInspection(lookback);
    this.study.meet(results, isSameRun);
  }

  /** VS Code may have lost the last seconds of what a page remembers; the host keeps the options with the run. */
  #adoptSampling({ prompt, temperature }: SampleOptions): void {
    if (this.#ui.run === null || isTold(this.#ui.run, { prompt, temperature })) return;
    this.chooseForRun({ prompt, temperature, told: { prompt, temperature } });
  }

  /** Pins that an older version stored without their numbers become those of the nearest inspections that there are. */
  #keepPins(): void {
    const pins = this.#ui.run?.pins ?? [];
    if (pins.every((pin) => typeof pin !== 'number')) return;
    const kept = new Map<number, Pin>();
    for (const pin of pins) {
      const inspection = typeof pin === 'number' ? this.nearestInspection(pin) : undefined;
      const one = typeof pin === 'number' ? inspection && pinOf(inspection) : pin;
      if (one !== undefined) kept.set(one.iteration, one);
    }
    this.chooseForRun({ pins: [...kept.values()].sort((a, b) => a.iteration - b.iteration) });
  }

  #takeCopied(problem: string | undefined): void {
    if (this.#copy === undefined) return;
    this.#copy = { what: this.#copy.what, outcome: problem === undefined ? 'copied' : { problem } };
    this.changed('choice');
  }

  #takeGenerated(message: Extract<ToPanel, { type: 'generated' }>): void {
    if (message.requestId !== this.#generation?.requestId) return;
    const { result } = message;
    this.#generation = result.ok ? undefined : { requestId: message.requestId, failure: result.message };
    if (result.ok) this.#pinnedSample = result.sample;
    this.changed('choice');
  }

  /** What the host knows of a tour is newer than what a page remembers that has only just come. */
  #takeTour(runId: string, tour: TourChoice): void {
    const { run } = this.#ui;
    if (run?.runId !== runId || this.#tourOf === runId) return;
    if (tour.isOpen && run.tour === null) this.choose({ tab: 'steps' });
    this.chooseForRun({ tour });
  }

  #store(): void {
    this.#host.stored = this.#ui;
    this.changed('choice');
  }
}

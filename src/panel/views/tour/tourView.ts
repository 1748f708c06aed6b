import { groupDigits } from '../../../common/format.ts';
import type { Ref } from '../../../network/description.ts';
import { element, icon, setAttribute, setText, show } from '../../dom.ts';
import { quietButton } from '../controls.ts';
import { figureHead, helpFor } from '../figure.ts';
import { mathElement } from '../tape/mathElement.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { QuestionView } from './questionView.ts';
import { tourTitle } from './stops.ts';
import { Tour } from './tour.ts';
import { button } from './tourButton.ts';
import { TourEnd } from './tourEnd.ts';
import { tidied, type Question } from './question.ts';

/** What the tour does in side A, there where its numbers stand. */
export interface SideAMarks {
  /** Marks what a stop is about. */
  mark(ref: Ref | undefined): void;
  /** Hides what comes after a quantity; undefined hides nothing. */
  holdBack(after: Ref | undefined): void;
}

/** The tour: a card that leads through the window, stop by stop, and asks before it shows. */
export class TourView implements View {
  readonly element: HTMLElement;
  /** Begins the tour, or goes on with it: a button for the line above the tape. */
  readonly opener: HTMLButtonElement;
  /** What came out of it, once it is finished. */
  readonly end: TourEnd;
  readonly #context: PanelContext;
  readonly #tour: Tour;
  readonly #sideA: SideAMarks;
  readonly #inputs = new Inputs();
  readonly #openerLabel = element('span');
  readonly #note = element('span', { class: 'figure-note', role: 'status', 'data-testid': 'tour-where' });
  readonly #bar = element('span', { class: 'tour-bar' });
  readonly #place = element('p', { class: 'tour-place', 'data-testid': 'tour-place' });
  readonly #formulas = element('div', { class: 'tour-formulas', 'data-testid': 'tour-formulas' });
  readonly #meaning = element('p', { class: 'tour-meaning' });
  readonly #slot = element('div', { class: 'tour-question' });
  readonly #verdict = element('p', { class: 'tour-verdict', role: 'status', 'data-testid': 'tour-verdict' });
  readonly #worked = element('p', { class: 'tour-worked', 'data-testid': 'tour-worked' });
  readonly #covered = element('p', { class: 'tour-covered' }, 'The figures below wait until you have answered.');
  readonly #newer = element('p', { class: 'tour-newer', role: 'status', 'data-testid': 'tour-newer' });
  readonly #newerWords = element('span');
  readonly #previous: HTMLButtonElement;
  readonly #check: HTMLButtonElement;
  readonly #reveal: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #shown: { readonly question: Question; readonly view: QuestionView } | undefined;
  /** Where the keyboard goes as soon as it is there. */
  #focusWanted = false;
  #requests = 0;
  #marked: Ref | undefined;

  constructor(context: PanelContext, sideA: SideAMarks) {
    this.#context = context;
    this.#sideA = sideA;
    const { network, state } = context;
    this.#tour = new Tour(state, network);
    this.#requests = state.tourRequests;
    this.end = new TourEnd(context, () => this.opener.focus());
    const title = tourTitle(network);
    this.opener = element(
      'button',
      { type: 'button', class: 'toggle', title, 'data-testid': 'tour-open' },
      icon('mortar-board'),
      this.#openerLabel,
    );
    this.opener.addEventListener('click', () => state.openTour());
    this.#previous = button('Previous', 'tour-previous', 'Previous stop (p, or Alt and arrow up while typing)', () =>
      this.#go(-1),
    );
    this.#check = button('Check', 'tour-check', 'Check the answer (Enter)', () => this.#checkSaid());
    this.#reveal = button('Reveal', 'tour-reveal', 'Show the way to the number', () => this.#showWay());
    this.#next = button('Next', 'tour-next', 'Next stop (n, or Alt and arrow down while typing)', () => {
      if (!this.#checkUnsaid()) this.#goOn();
    });
    const { button: help, text } = helpFor({
      id: 'tour',
      title,
      question: 'Can you say the number before you see it?',
      help:
        'The tour goes through one window: forward through a time step (side A), back through it step by step (side B), over to the time step before, and on to the sum over time, clipping and the update of one weight. All numbers are those of this window, which stands still meanwhile.\n' +
        'At each stop, predict, then reveal: type a number or a calculation such as (0.25 − 1) / 5 or tanh(0.3), or choose. Enter checks, and once more goes on. What a wrong answer went wrong by is told where it is one of the usual slips. Nothing is graded, and Reveal is always there.\n' +
        'n and p go to the next and the previous stop, Alt with the arrow keys down and up does while you type; Escape leaves, and the place is kept. Units, rows and columns count from 0.',
    });
    const leave = quietButton('Leave the tour (Escape)', 'tour-leave', 'close', () => this.#leave());
    this.element = element(
      'section',
      { class: 'figure-tour', 'aria-labelledby': 'tour-title', 'data-testid': 'tour', hidden: true },
      figureHead('tour-title', title, this.#note, help, [leave]),
      element('div', { class: 'tour-track', 'aria-hidden': 'true' }, this.#bar),
      text,
      this.#newer,
      this.#place,
      this.#formulas,
      this.#meaning,
      this.#slot,
      this.#verdict,
      this.#worked,
      element('div', { class: 'tour-buttons' }, this.#previous, this.#check, this.#reveal, this.#next, this.#covered),
    );
    this.#newer.append(
      this.#newerWords,
      button('Take the newest window', 'tour-newest', 'The same stop with the numbers of the newest window', () => {
        this.#tour.takeNewest();
        this.#focusWanted = true;
      }),
    );
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  update(): void {
    const tour = this.#tour;
    const { state } = this.#context;
    tour.update();
    show(this.opener, tour.isPossible && !tour.isOpen);
    const { at, stops } = tour;
    setText(this.#openerLabel, tour.hasBegun && at > 0 ? `Learn: go on at stop ${at + 1} of ${stops.length}` : 'Learn');
    show(this.element, tour.isOpen);
    this.end.update();
    if (tour.isOpen) this.end.hide();
    if (!tour.isOpen) {
      this.#mark(undefined);
      this.#holdBack(undefined);
      return this.#cover(false);
    }
    if (state.tourRequests !== this.#requests) {
      this.#requests = state.tourRequests;
      this.#focusWanted = true;
    }
    this.#showNewer();
    const { question, answer, problem } = tour;
    const hadFocus = this.#slot.contains(document.activeElement);
    if (this.#inputs.changed(at, stops, question, answer, problem, state.choices?.tour)) this.#show();
    const hasLostFocus = hadFocus && !this.#slot.contains(document.activeElement);
    if (this.#focusWanted || hasLostFocus || (hadFocus && tour.isSettled)) this.#focus();
  }

  /** Training may go on beside the tour, whose window stays. */
  #showNewer(): void {
    const { newer, iteration } = this.#tour;
    show(this.#newer, newer !== undefined);
    if (newer === undefined) return;
    const [at, now] = [iteration, newer].map(groupDigits);
    setText(this.#newerWords, `The tour stays in the window of iteration ${at}; training is at iteration ${now} now.`);
  }

  #show(): void {
    const tour = this.#tour;
    const { at, stop, stops, question, answer, verdict, isSettled, count } = tour;
    const { predicted, settled } = count;
    setText(
      this.#note,
      `stop ${at + 1} of ${stops.length}${settled === 0 ? '' : `, predicted ${predicted} of ${settled}`}`,
    );
    this.#bar.style.width = `${((at + 1) / stops.length) * 100}%`;
    setText(this.#place, stop.title === '' ? stop.place : `${stop.place}: ${stop.title}`);
    const formulas = question?.formulas ?? stop.formulas;
    this.#formulas.replaceChildren(...formulas.map((formula) => mathElement(formula)));
    show(this.#formulas, formulas.length > 0);
    setText(this.#meaning, stop.meaning);
    if (this.#shown?.question !== question) {
      const view = question && new QuestionView(question, answer?.said ?? '', (said) => this.#take(said));
      this.#shown = question && view && { question, view };
      this.#slot.replaceChildren(view?.element ?? waiting(tour.problem));
    }
    this.#shown?.view.settle(isSettled, answer?.isRevealed === true);
    // What was wrong before is past once the way is shown.
    const isShown = answer?.isRevealed === true && verdict?.is !== 'right';
    setText(this.#verdict, isShown ? 'Here is the way.' : (verdict?.says ?? ''));
    setAttribute(this.#verdict, 'data-is', isShown ? 'revealed' : (verdict?.is ?? ''));
    show(this.#verdict, this.#verdict.textContent !== '');
    show(this.#worked, isSettled && question !== undefined);
    setText(this.#worked, isSettled && question !== undefined ? tidied(question.worked) : '');
    this.#previous.disabled = at === 0;
    show(this.#check, question !== undefined && !isSettled);
    show(this.#reveal, question !== undefined && !isSettled);
    setText(this.#next, at === stops.length - 1 ? 'Finish' : 'Next');
    this.#next.toggleAttribute('data-primary', isSettled);
    this.#cover(!isSettled && tour.problem === undefined);
    this.#holdBack(stop.asks.about === 'quantity' && stop.asks.ref !== 'L' ? stop.asks.ref : undefined);
    this.#mark(isSettled && stop.asks.about === 'quantity' ? stop.asks.ref : undefined);
  }

  /** What is below shows the answers, so it waits. */
  #cover(isCovering: boolean): void {
    this.element.toggleAttribute('data-covers', isCovering);
    show(this.#covered, isCovering);
  }

  /** What later stops of side A ask for waits too: what follows there, all other figures, and the loss in the tape's line. */
  #holdBack(ref: Ref | undefined): void {
    this.element.toggleAttribute('data-forward', ref !== undefined);
    this.#sideA.holdBack(ref);
  }

  /** The place of the stop in side A, once it is shown; of no stop else. */
  #mark(ref: Ref | undefined): void {
    if (ref === this.#marked) return;
    this.#marked = ref;
    this.#sideA.mark(ref);
  }

  #take(said: string): void {
    if (this.#tour.isSettled) return this.#goOn();
    if (said.trim() === '') return;
    this.#tour.check(said);
    this.#focusWanted = true;
  }

  #checkSaid(): void {
    const view = this.#shown?.view;
    if (view === undefined) return;
    if (view.said.trim() === '') view.focus();
    else this.#take(view.said);
  }

  /** Checks what was chosen or typed and not checked yet, before it is left; whether there was such. */
  #checkUnsaid(): boolean {
    const said = this.#shown?.view.said ?? '';
    if (this.#tour.isSettled || said.trim() === '' || said === this.#tour.answer?.said) return false;
    this.#take(said);
    return true;
  }

  #showWay(): void {
    this.#tour.reveal();
    this.#focusWanted = true;
  }

  #go(direction: 1 | -1): void {
    this.#tour.go(this.#tour.at + direction);
    this.#focusWanted = true;
  }

  #goOn(): void {
    if (this.#tour.at < this.#tour.stops.length - 1) return this.#go(1);
    const { count, stops } = this.#tour;
    this.#tour.finish();
    this.#close();
    this.end.show(count, stops.length);
  }

  #leave(): void {
    this.#tour.leave();
    this.#close();
  }

  #close(): void {
    this.#focusWanted = false;
    this.update();
    this.opener.focus();
  }

  /** To the question, or once it is answered to what goes on. */
  #focus(): void {
    const tour = this.#tour;
    if (tour.question === undefined || this.#shown?.question !== tour.question) return;
    this.#focusWanted = false;
    if (tour.isSettled) this.#next.focus();
    else this.#shown.view.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape') this.#leave();
    else if (event.altKey ? event.key === 'ArrowDown' : event.key === 'n' && !isTyping) this.#goNext();
    else if (event.altKey ? event.key === 'ArrowUp' : event.key === 'p' && !isTyping) this.#go(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Unlike what is on the button, no key but Escape leaves the tour. */
  #goNext(): void {
    if (this.#tour.at < this.#tour.stops.length - 1 && !this.#checkUnsaid()) this.#go(1);
  }
}

function waiting(problem: string | undefined): HTMLElement {
  return element(
    'p',
    { class: 'tour-waiting', role: 'status' },
    problem ?? 'The numbers of this stop are on their way…',
  );
}

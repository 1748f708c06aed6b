/** What changed of what a page shows: the runs themselves, a choice of the person, or only what the pointer is over. */
export type Change = 'run' | 'choice' | 'hover';

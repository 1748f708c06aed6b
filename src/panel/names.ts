export * from '../common/quantities.ts';

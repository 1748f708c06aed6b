export * from '../../protocol/verdict.ts';

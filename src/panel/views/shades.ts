export * from '../../common/shades.ts';

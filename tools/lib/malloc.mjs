// @ts-check
/**
 * How glibc is to keep the API's memory: blocks from 128 KiB on come from the system and go back to
 * it. By itself it takes to keeping what a day's build has freed, some 80 MB. Elsewhere than on
 * glibc these mean nothing.
 */
export const mallocEnvironment = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

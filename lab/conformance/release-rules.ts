/**
 * In what the worlds cannot agree when the lab runs a released k3s: held besides rules.ts, in such runs only. The embedded
 * world, and a lab with the stand-in, serve a file of their own making in the place of k3s's program.
 *
 * No released k3s has run in the lab yet, so these are only the differences that follow from what is served. Whatever a
 * first run shows beside them fails there, and is either a mistake of the embedded world, to be mended, or a rule to be added
 * here with its reason.
 */
import type { Rule } from './rules.ts'

export const releaseRules: readonly Rule[] = [
  {
    name: 'size-of-the-program',
    reason: 'the program is another one; in the log, columns follow its width',
    pattern: /(?<=\bk3s v\d+\.\d+\.\d+\+k3s\d+ [a-z0-9]+, )\d+(?:\.\d+)? [kMG]B\b(?: +(?= {2}\S))?/g,
    becomes: 'SIZE',
  },
  {
    name: 'hash-of-the-program',
    reason: 'the program is another one; a file that was exchanged is another one than that',
    pattern:
      /(?<=\bk3s v\d+\.\d+\.\d+\+k3s\d+ [a-z0-9]+ )[0-9a-f]{12}(?=… )|(?<=(?:^|\s)(?:downloaded|published): )[0-9a-f]{64}$/g,
    becomes: 'HASH-#',
  },
]

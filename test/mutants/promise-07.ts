import type { Mutant } from './model.ts'

const hostile = 'test/bundle/k3s-join-hostile.test.ts'

/** Remote text is data. */
export const remoteTextIsData: readonly Mutant[] = [
  {
    promise: 7,
    breaks: 'lines are printed as they come',
    file: 'src/runner/github-runner.ts',
    find: 'const safeLines = (text: string) => neutraliseLines(redact(text)).map(redact)',
    replace: 'const safeLines = (text: string) => (neutraliseLines(text).length > 0 ? [redact(text)] : [])',
    killedBy: {
      file: 'test/protocol/runner-contract.test.ts',
      name: 'under the runner’s contract prints no command but its own',
    },
  },
  {
    promise: 7,
    breaks: 'the older form of workflow commands is let through',
    file: 'src/runner/neutralise.ts',
    find: "'#$1 #')",
    replace: "'#$1#')",
    killedBy: {
      file: hostile,
      name: 'a host whose files and programs speak is refused for its stranger on the port, whatever the stranger is called',
    },
  },
  {
    promise: 7,
    breaks: 'Markdown of the host is Markdown of the summary',
    file: 'src/report/markdown.ts',
    find: ".replace(/[`*~|[\\]]/g, '\\\\$&')",
    replace: '',
    killedBy: {
      file: hostile,
      name: 'a host whose files and programs speak joins as any other: system, kernel, devices, processes, sockets and routes are quoted, not believed',
    },
  },
  {
    promise: 7,
    breaks: 'HTML of the host is HTML of the summary',
    file: 'src/report/markdown.ts',
    find: ".replace(/</g, '&lt;')",
    replace: '',
    killedBy: {
      file: hostile,
      name: 'a host whose files and programs speak joins as any other: system, kernel, devices, processes, sockets and routes are quoted, not believed',
    },
  },
  {
    promise: 7,
    breaks: 'a host may print without end',
    file: 'src/host/session.ts',
    find: "if (this.#received > mostOutput || this.#pending.length > longestLine) throw new RangeError('too much output')",
    replace: 'if (this.#received > 1000 * mostOutput && this.#pending.length > 1000 * longestLine) return',
    killedBy: { file: 'test/bundle/k3s-join-hostile-size.test.ts', name: 'PENDING' },
  },
]

import type { Mutant } from './model.ts'

const hostile = 'test/bundle/k3s-join-hostile.long.test.ts'

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
    breaks: 'a host may print a line without end',
    file: 'src/host/session.ts',
    find: 'if (this.#pending.length > longestLine) this.#refuse()',
    replace: "if (this.#pending.length > longestLine) this.#pending = ''",
    killedBy: {
      file: 'test/bundle/k3s-join-hostile-size.long.test.ts',
      name: 'a host that prints ten megabytes on one line before its answer is given up, too',
    },
  },
  {
    promise: 7,
    breaks: 'an endless line of a journal or a file ends the session',
    file: 'src/host/scripts/library.sh',
    find: 'if [ ${#_value} -gt 163840 ]; then',
    replace: 'if [ ${#_value} -gt 163840000 ]; then',
    killedBy: {
      file: 'test/protocol/host-connection.test.ts',
      name: 'a connection cuts a text of megabytes, which is no reason to end anything',
    },
  },
  {
    promise: 7,
    breaks: 'whatever an API server calls its UID becomes an output',
    file: 'src/kubernetes/probe-questions.ts',
    find: 'return /^[\\w-]{1,64}$/.test(uid)',
    replace: 'return uid',
    killedBy: {
      file: 'test/protocol/kubernetes-probe-answers.test.ts',
      name: 'what answers rules nothing by hostile text: one line, bounded, and no UID that is none',
    },
  },
]

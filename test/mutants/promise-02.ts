import type { Mutant } from './model.ts'

/** It never hangs and never guesses. */
export const neverGuesses: readonly Mutant[] = [
  {
    promise: 2,
    breaks: 'an agent without pod network is waited for until the deadline',
    file: 'actions/start-judge.ts',
    find: 'lasts(state.activeAtMs, notReadyLimitMs)',
    replace: 'lasts(state.activeAtMs, 100 * notReadyLimitMs)',
    killedBy: {
      file: 'test/unit/start-judge.test.ts',
      name: 'a start that is still going on is given up 15 s after an agent said that it is up, when the node stays without network',
    },
  },
  {
    promise: 2,
    breaks: 'what is in the way of a start may be there for ever',
    file: 'actions/start-judge.ts',
    find: 'symptom.againMs - symptom.sinceMs >= symptomLastsMs',
    replace: 'symptom.againMs - symptom.sinceMs >= 100 * symptomLastsMs',
    killedBy: {
      file: 'test/unit/start-judge.test.ts',
      name: 'a start that is still going on is given up when what is in its way lasts',
    },
  },
  {
    promise: 2,
    breaks: 'what an agent said once is held against a slow start that goes on',
    file: 'actions/start-judge.ts',
    find: 'symptom.againMs - symptom.sinceMs >= symptomLastsMs',
    replace: 'lasts(symptom.sinceMs, symptomLastsMs)',
    killedBy: {
      file: 'test/unit/start-judge.test.ts',
      name: 'a start that is still going on is not given up for what was in its way once, however slowly it goes on',
    },
  },
  {
    promise: 2,
    breaks: 'a node that became Ready all the same is given up for a complaint of containerd',
    file: 'actions/start-judge.ts',
    find: 'if (complaint && hasEnded) return complaint',
    replace: 'if (complaint && (hasEnded || elapsedMs >= 0)) return complaint',
    killedBy: {
      file: 'test/unit/start-judge.test.ts',
      name: 'a complaint of containerd is forgiven when the node becomes Ready all the same',
    },
  },
  {
    promise: 2,
    breaks: 'evidence is collected from a run that was cancelled',
    file: 'actions/k3s-join/evidence.ts',
    find: '!tracks.hostTouched || signal.aborted || run.isCollected',
    replace: '!tracks.hostTouched || run.isCollected',
    killedBy: {
      file: 'test/unit/evidence-collect.test.ts',
      name: 'collecting evidence is not done for a cancelled run, a host that was not touched, or twice',
    },
  },
  {
    promise: 2,
    breaks: 'a diagnosis does not say how sure it is',
    file: 'src/report/log.ts',
    find: "...(failure.provenance ? [row('basis', provenanceWords[failure.provenance])] : []),",
    replace: '',
    killedBy: { file: 'test/unit/report-log.test.ts', name: 'renders a failure as an aligned block' },
  },
  {
    promise: 2,
    breaks: 'a script that does not end on the host is waited for',
    file: 'src/host/scripts/outer.sh',
    find: 'if timeout -k 1 5 true >/dev/null 2>&1; then set -- -k 5 "$@"; fi',
    replace: 'shift; set -- 3600 "$@"',
    killedBy: {
      file: 'test/protocol/host-guard.test.ts',
      name: 'a script on a host is ended by the host itself when its time is over',
    },
  },
  {
    promise: 2,
    breaks: 'a question that could not be asked counts as answered',
    file: 'src/report/verdict.ts',
    find: 'checks.filter((check) => severity.indexOf(check.verdict) >= threshold)',
    replace: "checks.filter((check) => check.verdict !== 'error' && severity.indexOf(check.verdict) >= threshold)",
    killedBy: {
      file: 'test/unit/report-log.test.ts',
      name: 'the verdict policy does not let a question that could not be asked pass',
    },
  },
]

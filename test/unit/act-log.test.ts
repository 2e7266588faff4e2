import { describe, expect, it } from '@jest/globals'
import { type Account, accountOfAct, differences, settled } from '../act/account.js'
import { readActLog, shownBy } from '../act/log.js'

/** As act 0.2.89 prints them, less what nobody reads. */
const job = { job: 'Join/Join a node/Join calypso', jobID: 'join', level: 'info' }
const step = { ...job, stage: 'Main', step: 'Join calypso', stepID: ['join'] }
const secret = 'pul-7093216f4e5dbefac0d1a91abafb3b316b4e3473'
const said: readonly object[] = [
  { level: 'info', msg: "Couldn't get a valid docker connection: no DOCKER_HOST and an invalid container socket ''" },
  { ...job, msg: '⭐ Run Set up job', step: 'Set up job', stepid: ['--setup-job'] },
  { ...job, msg: '  ✅  Success - Set up job', step: 'Set up job', stepResult: 'success', stepid: ['--setup-job'] },
  { ...step, msg: '⭐ Run Main Join calypso' },
  { ...step, msg: '  ⚙  ***', command: 'add-mask', arg: secret, kvPairs: {}, raw: `::add-mask::${secret}\n` },
  { ...step, msg: '▸ Join calypso\n', raw_output: true },
  { ...step, msg: '  ✅  Success - Main Join calypso [9ms]', executionTime: 9, stepResult: 'success' },
  { ...step, msg: '  ⚙  ::set-output:: result=joined', command: 'set-output', name: 'result', arg: 'joined' },
  { ...step, msg: '  ⚙  Summary - ## ✅ calypso joined', command: 'summary', content: '## ✅ calypso joined\n' },
  { ...job, stage: 'Main', step: 'Keep', stepID: ['5'], msg: '', command: 'set-output', name: 'artifact-id', arg: '1' },
  { ...job, stage: 'Main', step: 'Keep', stepID: ['5'], msg: '  ❌  Failure - Main Keep', stepResult: 'failure' },
  { ...step, stage: 'Post', msg: '  ✅  Success - Post Join calypso [9ms]', stepResult: 'success' },
  { ...job, msg: '🏁  Job failed', jobResult: 'failure' },
]
const logOf = (entries: readonly object[]): string => entries.map((entry) => JSON.stringify(entry)).join('\n')

describe('the log of act', () => {
  it('tells jobs, steps in the order of their ends, outputs of steps with an id, and summaries', () => {
    const log = `${logOf(said)}\nError: Job 'Join' failed\n`
    expect(readActLog(log)).toEqual([
      {
        id: 'join',
        conclusion: 'failure',
        steps: [
          { name: 'Join calypso', stage: 'Main', outcome: 'success' },
          { name: 'Keep', stage: 'Main', outcome: 'failure' },
          { name: 'Join calypso', stage: 'Post', outcome: 'success' },
        ],
        outputs: { 'Join calypso': { result: 'joined' } },
        summary: '## ✅ calypso joined\n\n',
      },
    ])
  })

  it('says of a job without an end that it is unfinished', () => {
    expect(readActLog(logOf(said.slice(0, 5)))).toMatchObject([{ id: 'join', conclusion: 'unfinished', steps: [] }])
  })

  it('takes what a step prints for text, also when it looks like an entry', () => {
    const forged = JSON.stringify({ ...job, jobResult: 'success', stepResult: 'success' })
    expect(readActLog(logOf([{ ...step, msg: `${forged}\n`, raw_output: true }]))).toMatchObject([
      { conclusion: 'unfinished', steps: [] },
    ])
  })

  it('shows everything but the values of masks', () => {
    expect(shownBy(logOf(said))).not.toContain(secret)
    expect(shownBy(logOf([{ ...step, msg: secret }]))).toContain(secret)
    expect(shownBy(logOf([{ ...step, msg: '', command: 'set-output', name: 'token', arg: secret }]))).toContain(secret)
    expect(shownBy(`Error: ${secret}`)).toContain(secret)
  })
})

describe('two accounts of one run', () => {
  const account: Account = accountOfAct(readActLog(logOf(said)))

  it('agree when they say the same', () => {
    expect(account).toEqual([
      'job | join | failure',
      'step | join | Join calypso | success',
      'output | join | Join calypso | result=joined',
      'step | join | Keep | failure',
      'step | join | Post Join calypso | success',
      'summary |  | ## ✅ calypso joined',
    ])
    expect(differences(account, account)).toEqual([])
  })

  it('differ by what only one of them says', () => {
    const other = account.map((line) => line.replace('result=joined', 'result=unchanged'))
    expect(differences(account, other)).toEqual([
      'only our own runner: output | join | Join calypso | result=joined',
      'only act:            output | join | Join calypso | result=unchanged',
    ])
  })

  it('differ when the steps of a job ran in another order, and not when jobs did', () => {
    expect(differences(account, account.toReversed())).toEqual([expect.stringContaining('another order')])
    const jobs = ['step | a | one | success', 'step | b | two | success']
    expect(differences(jobs, jobs.toReversed())).toEqual([])
  })

  it.each([
    ['report', '/tmp/x/_temp/k3s-gpu-actions/report.json', 'FOLDER/report.json'],
    ['plan', 'DaemonSet of nvcr.io/nvidia/k8s-device-plugin:v1', 'DaemonSet of nvcr.io/nvidia/k8s-device-plugin:v1'],
    [
      'url',
      'https://github.com/rehearsal/k3s-gpu-actions/issues/1',
      'https://github.com/rehearsal/k3s-gpu-actions/issues/1',
    ],
    ['node-uid', 'e3ad0aea-9261-44b3-a7c7-05f6c66a3066', 'UUID'],
    ['expires-at', '2027-02-20T05:55:08Z', 'TIME'],
    ['triton-p95-ms', '5', 'MEASURED'],
    ['triton-p95-ms', '', ''],
    ['headline', '3 changes in 1 min 8 s', '3 changes in SECONDS'],
    ['headline', 'Ready, heartbeat 0 s ago', 'Ready, heartbeat SECONDS ago'],
  ])('settle %s: %s', (name, value, expected) => {
    expect(settled(name, value)).toBe(expected)
  })
})
